import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { closeRecord, filter, narrow } from '../page/address.ts';
import { Count } from '../text/count.tsx';
import { stateWords } from '../text/state-badge.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import { When } from '../text/when.tsx';
import { countMark, countText, countWords } from '../text/words.ts';
import type { OperationCounts, RecordState } from '../wire.ts';
import { moveStop, stopOf } from './one-tab-stop.ts';
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
  const { operations, isPartial = false } = overview.value ?? {};
  const named = operations?.map(({ operation }) => operation) ?? [];
  const shown = named.length > 1 ? [undefined, ...named] : named;
  return (
    <nav class={isOpen ? 'overview open' : 'overview'} aria-label="Operations">
      <header>
        <h2>Operations</h2>
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {operations ? countText(operations.length, 'operation') : 'Operations'}
          <Troubles counts={totals.value} isPartial={isPartial} />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the buttons in it */}
      <div class="operations" onKeyDown={moveStop}>
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
          <OperationRow
            operation={undefined}
            counts={totals.value}
            isPartial={isPartial}
            shown={shown}
          />
        )}
        {operations?.map((counts) => (
          <OperationRow
            key={counts.operation}
            operation={counts.operation}
            counts={counts}
            isPartial={isPartial}
            shown={shown}
          />
        ))}
      </div>
      <Counted />
    </nav>
  );
}

function OperationRow({
  operation,
  counts,
  isPartial,
  shown,
}: {
  operation: string | undefined;
  counts: Counts | OperationCounts;
  isPartial: boolean;
  shown: readonly (string | undefined)[];
}): JSX.Element {
  const name = operation ?? 'All operations';
  const isChosen = filter.value.operation === operation;
  const total = totalOf(counts);
  const choose = (state?: RecordState) => {
    closeRecord();
    narrow({ operation, state });
  };
  return (
    <div class={isChosen ? 'operation chosen' : 'operation'}>
      <button
        type="button"
        class="name"
        aria-current={isChosen}
        onClick={() => choose()}
        {...stopOf({ operation, column: 'all' }, shown)}
      >
        <span>{operation === undefined ? 'All operations' : <VisibleText text={operation} />}</span>
        <Count count={total} isPartial={isPartial} />
      </button>
      <Bar counts={counts} total={total} />
      <div class="parts">
        {states.map((state) => (
          <button
            type="button"
            key={state}
            class={`part ${state}${counts[state] === 0 && !isPartial ? ' none' : ''}`}
            title={countWords(counts[state], isPartial, stateWords[state].toLowerCase())}
            aria-label={`${name}: ${countWords(counts[state], isPartial, stateWords[state].toLowerCase())}`}
            {...stopOf({ operation, column: state }, shown)}
            onClick={() => choose(state)}
          >
            <span class="dot" />
            {countMark(counts[state], isPartial)}
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
function Troubles({ counts, isPartial }: { counts: Counts; isPartial: boolean }): JSX.Element {
  return (
    <span class="troubles">
      {states
        .filter((state) => state !== 'completed' && counts[state] > 0)
        .map((state) => (
          <span key={state} class={`part ${state}`}>
            <span class="dot" />
            {countMark(counts[state], isPartial)} {stateWords[state].toLowerCase()}
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
