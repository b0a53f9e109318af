import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { closeRecord, filter, narrow } from '../page/address.ts';
import { stateWords } from '../text/state-badge.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import { When } from '../text/when.tsx';
import { countText, numberText, shortNumberText } from '../text/words.ts';
import type { OperationCounts, RecordState } from '../wire.ts';
import {
  countEverything,
  overview,
  overviewFault,
  states,
  totalOf,
  totals,
} from './overview-state.ts';

type Counts = Readonly<Record<RecordState, number>>;

export function Overview(): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const operations = overview.value?.operations;
  return (
    <nav class={isOpen ? 'overview open' : 'overview'} aria-label="Operations">
      <header>
        <h2>Operations</h2>
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {operations ? countText(operations.length, 'operation') : 'Operations'}
          <Troubles counts={totals.value} />
        </button>
      </header>
      <div class="operations">
        <p class="legend" aria-hidden="true">
          {states.map((state) => (
            <span key={state} class={`part ${state}`}>
              <span class="dot" />
              {stateWords[state].toLowerCase()}
            </span>
          ))}
        </p>
        {operations === undefined && !overviewFault.value && <p class="hint">Counting…</p>}
        {overviewFault.value && <p class="hint bad">{overviewFault.value.message}</p>}
        {operations && operations.length > 1 && (
          <OperationRow operation={undefined} counts={totals.value} />
        )}
        {operations?.map((counts) => (
          <OperationRow key={counts.operation} operation={counts.operation} counts={counts} />
        ))}
      </div>
      <Counted />
    </nav>
  );
}

function OperationRow({
  operation,
  counts,
}: {
  operation: string | undefined;
  counts: Counts | OperationCounts;
}): JSX.Element {
  const isChosen = filter.value.operation === operation;
  const total = totalOf(counts);
  const choose = (state?: RecordState) => {
    closeRecord();
    narrow({ operation, state });
  };
  return (
    <div class={isChosen ? 'operation chosen' : 'operation'}>
      <button type="button" class="name" aria-current={isChosen} onClick={() => choose()}>
        <span>{operation === undefined ? 'All operations' : <VisibleText text={operation} />}</span>
        <span class="count" title={countText(total, 'record')}>
          {shortNumberText(total)}
        </span>
      </button>
      <Bar counts={counts} total={total} />
      <div class="parts">
        {states.map((state) => (
          <button
            type="button"
            key={state}
            class={`part ${state}${counts[state] === 0 ? ' none' : ''}`}
            title={`${numberText(counts[state])} ${stateWords[state].toLowerCase()}`}
            aria-label={`${operation ?? 'All operations'}: ${numberText(counts[state])} ${stateWords[state].toLowerCase()}`}
            onClick={() => choose(state)}
          >
            <span class="dot" />
            {shortNumberText(counts[state])}
          </button>
        ))}
      </div>
    </div>
  );
}

function Bar({ counts, total }: { counts: Counts; total: number }): JSX.Element {
  return (
    <div class="bar" aria-hidden="true">
      {states.map(
        (state) =>
          counts[state] > 0 && (
            // What matters is rare: it gets a width that can be seen.
            <span key={state} class={state} style={{ flexGrow: counts[state] / total }} />
          ),
      )}
    </div>
  );
}

/** What somebody should look at, in few characters. */
function Troubles({ counts }: { counts: Counts }): JSX.Element {
  return (
    <span class="troubles">
      {states
        .filter((state) => state !== 'completed' && counts[state] > 0)
        .map((state) => (
          <span key={state} class={`part ${state}`}>
            <span class="dot" />
            {shortNumberText(counts[state])} {stateWords[state].toLowerCase()}
          </span>
        ))}
    </span>
  );
}

function Counted(): JSX.Element | null {
  const counts = overview.value;
  if (!counts) return null;
  return (
    <p class="hint counted">
      {counts.counting !== undefined ? (
        `Counting: ${countText(counts.counting, 'record')} so far`
      ) : (
        <>
          Counted <When at={counts.countedAt} />
        </>
      )}
      {counts.isPartial && counts.counting === undefined && (
        <>
          , the first {countText(totalOf(totals.value), 'record')} only. This store has to be read
          for it.{' '}
          <button type="button" class="link" onClick={() => countEverything()}>
            Count all
          </button>
        </>
      )}
    </p>
  );
}
