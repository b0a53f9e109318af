import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { filter, openId, openRecord } from '../page/address.ts';
import { RecordId, shortDigest } from '../text/record-id.tsx';
import { isReleased, stateOf } from '../text/record-state.ts';
import { serverNow } from '../text/server-clock.ts';
import { StateBadge } from '../text/state-badge.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import { When } from '../text/when.tsx';
import { numberText, spanText } from '../text/words.ts';
import { activeId } from './list-session.ts';
import type { Row } from './record-list-state.ts';

/** One record in the list. */
export const RecordRow: (props: RowProps) => JSX.Element = memo(RecordRowUnmemoised) as never;

interface RowProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
}

function RecordRowUnmemoised({ row: { record, isGone }, index, top }: RowProps): JSX.Element {
  const { id, operation, keyPreview, attempt, run, scope, startedAt } = record;
  const state = useComputed(() => stateOf(record, serverNow.value));
  const classes = useComputed(() =>
    ['row', activeId.value === id && 'active', openId.value === id && 'open', isGone && 'gone']
      .filter(Boolean)
      .join(' '),
  );
  const open = () => {
    activeId.value = id;
    openRecord(id);
  };
  // biome-ignore-start lint/a11y/useSemanticElements: a table cannot be drawn in part
  // biome-ignore-start lint/a11y/useFocusableInteractive: focus stays at the grid, which names the active row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows
    <div
      class={classes}
      id={rowId(id)}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={openId.value === id}
      style={{ transform: `translateY(${top}px)` }}
      onClick={open}
    >
      <span class="cell status" role="gridcell">
        {isGone ? (
          <span class="state gone">Gone</span>
        ) : (
          <StateBadge state={state.value} record={record} />
        )}
      </span>
      <span class="cell operation" role="gridcell">
        <VisibleText text={operation} />
        {run > 0 && <span class="tag">run {numberText(run)}</span>}
      </span>
      <span class="cell about" role="gridcell">
        <span class="key-part">
          {filter.value.environment === undefined && (
            <span class="tag environment" title="Environment">
              <VisibleText text={record.environment} most={40} />
            </span>
          )}
          {keyPreview === undefined ? (
            <RecordId id={id} />
          ) : (
            <span class="preview">
              <VisibleText text={keyPreview} />
            </span>
          )}
          {scope !== undefined && (
            <span class="scope" title="Scope">
              <VisibleText text={scope} most={60} />
            </span>
          )}
          {attempt > 1 && !isReleased(record) && (
            <span class="tag">attempt {numberText(attempt)}</span>
          )}
        </span>
        <What record={record} />
      </span>
      <span class="cell id" role="gridcell" title={id}>
        <code>{shortDigest(id)}</code>
      </span>
      <span class="cell took" role="gridcell">
        {tookText(record)}
      </span>
      <span class="cell when" role="gridcell">
        <When at={startedAt} />
      </span>
    </div>
  );
  // biome-ignore-end lint/a11y/useFocusableInteractive: as above
  // biome-ignore-end lint/a11y/useSemanticElements: as above
}

/** Why it failed; or its input, where there is room for it. */
function What({ record }: { record: Row['record'] }): JSX.Element | null {
  const { lastError, keyPreview, inputPreview } = record;
  if (lastError) {
    return (
      <span class={isReleased(record) ? 'why released' : 'why'}>
        <VisibleText text={`${lastError.name}: ${lastError.message}`} most={200} />
      </span>
    );
  }
  if (inputPreview === undefined || inputPreview === keyPreview) return null;
  return (
    <span class="input">
      <VisibleText text={inputPreview} most={200} />
    </span>
  );
}

export function rowId(recordId: string): string {
  return `row-${recordId}`;
}

function tookText({ startedAt, completedAt }: Row['record']): string {
  return completedAt === undefined ? '' : spanText(Math.max(0, completedAt - startedAt));
}
