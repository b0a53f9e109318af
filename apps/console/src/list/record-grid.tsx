import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { openRecord } from '../page/address.ts';
import { announce } from '../page/announcements.tsx';
import { numberText } from '../text/words.ts';
import { ListNote } from './list-note.tsx';
import {
  activeId,
  activeIndex,
  list,
  moveBy,
  moveTo,
  startList,
  visibleRange,
} from './list-session.ts';
import type { RecordList } from './record-list-state.ts';
import { RecordRow, rowId } from './record-row.tsx';
import { rowWindow, scrollTo } from './row-window.ts';

/** From this width on a record fits on one line. */
const wideFrom = 760;
const heightOf = (isWide: boolean) => (isWide ? 42 : 64);
/** The next page is asked for when the end is as near as this. */
const aheadPx = 1_500;

export function RecordGrid(): JSX.Element | null {
  return list.value ? <Grid records={list.value} /> : null;
}

/** The records, of which only those are drawn that can be seen. */
function Grid({ records }: { records: RecordList }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  const scroll = useSignal({ top: 0, height: 600, isWide: true });
  const anchor = useSignal<number | undefined>(undefined);
  const rowHeight = useComputed(() => heightOf(scroll.value.isWide));

  const measure = () => {
    if (!ref.current) return;
    const { scrollTop, clientHeight, clientWidth } = ref.current;
    const isWide = clientWidth >= wideFrom;
    const { top, height, isWide: wasWide } = scroll.peek();
    if (scrollTop === top && clientHeight === height && isWide === wasWide) return;
    const ratio = isWide === wasWide ? 1 : heightOf(isWide) / heightOf(wasWide);
    scroll.value = { top: scrollTop * ratio, height: clientHeight, isWide };
    // The same rows stay in sight when they become higher or lower.
    if (ratio !== 1) anchor.value = scrollTop * ratio;
  };
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);

  // Another list begins at its top.
  useSignalEffect(() => {
    list.value;
    if (ref.current) ref.current.scrollTop = 0;
  });
  useSignalEffect(() => {
    const { top, height } = scroll.value;
    const count = list.value?.rows.value.length ?? 0;
    const first = Math.floor(top / rowHeight.value);
    visibleRange.value = { first, last: Math.ceil((top + height) / rowHeight.value) };
    const left = count * rowHeight.value - (top + height);
    // Keep looking is the reader's decision where pages without a match were looked through.
    if (count > 0 && left < aheadPx && !list.value?.fault.peek()) list.value?.more();
  });
  useLayoutEffect(() => {
    if (anchor.value === undefined || !ref.current) return;
    ref.current.scrollTop = anchor.value;
    anchor.value = undefined;
    showActive();
  }, [anchor.value]);
  const showActive = () => {
    const index = activeIndex.peek();
    if (index < 0 || !ref.current) return;
    const { scrollTop, clientHeight } = ref.current;
    const to = scrollTo(index, scrollTop, clientHeight, rowHeight.peek());
    if (to !== undefined) ref.current.scrollTop = to;
  };
  useSignalEffect(() => {
    activeIndex.value;
    showActive();
  });

  const rows = records.rows.value;
  const { top, height } = scroll.value;
  const { first, end } = rowWindow(top, height, rowHeight.value, rows.length);
  const arrived = records.arrived.value;

  // biome-ignore-start lint/a11y/useSemanticElements: a table cannot be drawn in part
  return (
    <div class={scroll.value.isWide ? 'grid wide' : 'grid'}>
      {arrived > 0 && (
        <button
          type="button"
          class="arrived"
          onClick={() => {
            startList();
            announce('The list is up to date.');
          }}
        >
          {numberText(arrived)} new: show
        </button>
      )}
      <div
        ref={ref}
        id="records"
        class="rows"
        role="grid"
        aria-label="Records"
        aria-rowcount={records.phase.value === 'complete' ? rows.length : -1}
        aria-activedescendant={activeId.value === undefined ? undefined : rowId(activeId.value)}
        tabIndex={0}
        onScroll={measure}
        onKeyDown={(event) => {
          if (keys(event, Math.max(1, Math.floor(height / rowHeight.value) - 1)))
            event.preventDefault();
        }}
      >
        <div
          class="canvas"
          role="rowgroup"
          style={{ height: `${rows.length * rowHeight.value}px` }}
        >
          {rows.slice(first, end).map((row, at) => (
            <RecordRow
              key={row.record.id}
              row={row}
              index={first + at}
              top={(first + at) * rowHeight.value}
            />
          ))}
        </div>
        <ListNote list={records} />
      </div>
    </div>
  );
  // biome-ignore-end lint/a11y/useSemanticElements: as above
}

/** Keys of the grid alone; those of the whole page are elsewhere. */
function keys(event: KeyboardEvent, page: number): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const count = list.peek()?.rows.peek().length ?? 0;
  switch (event.key) {
    case 'ArrowDown':
      moveBy(1);
      return true;
    case 'ArrowUp':
      moveBy(-1);
      return true;
    case 'PageDown':
      moveBy(page);
      return true;
    case 'PageUp':
      moveBy(-page);
      return true;
    case 'Home':
      moveTo(0);
      return true;
    case 'End':
      moveTo(count - 1);
      return true;
    case 'Enter':
      if (activeId.peek() === undefined) return false;
      openRecord(activeId.peek()!);
      return true;
    default:
      return false;
  }
}
