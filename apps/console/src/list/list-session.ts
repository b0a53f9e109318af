import { computed, effect, signal } from '@preact/signals';
import { follow } from '../connection/live.ts';
import { filter, filterText, openId, openRecord } from '../page/address.ts';
import { searchedText, searchIntent } from '../search/search-intent.ts';
import { createRecordList, type RecordList } from './record-list-state.ts';

/** The list of the filter in the address. */
export const list = signal<RecordList | undefined>(undefined);
/** Rows that can be seen now. */
export const visibleRange = signal({ first: 0, last: 30 });
/** The record that the keyboard is at; a record and not a place, so that nothing slips. */
export const activeId = signal<string | undefined>(undefined);

export const activeIndex = computed(() => {
  const id = activeId.value;
  return id === undefined
    ? -1
    : (list.value?.rows.value ?? []).findIndex((r) => r.record.id === id);
});

let hurryUp = () => {};

/** Makes a list of the filter, whenever that changes, and follows it. Answers how to stop. */
export function followList(): () => void {
  let following: ReturnType<typeof follow> | undefined;
  const unwatch = effect(() => {
    filterText.value;
    following?.stop();
    startList();
    following = follow(
      (ending) => {
        const { first, last } = visibleRange.peek();
        return list.peek()!.refresh(first, last, ending);
      },
      { fast: 2_000, slow: 10_000 },
    );
    hurryUp = following.hurry;
  });
  return () => {
    unwatch();
    following?.stop();
    list.peek()?.end();
  };
}

/** The same filter from the beginning, with what has arrived. */
export function startList(): void {
  list.peek()?.end();
  const current = filter.peek();
  const text = searchedText(current);
  const isWhole = text !== '' && (current.text !== undefined || searchIntent(text) === 'record');
  visibleRange.value = { first: 0, last: 30 };
  const next = createRecordList(current, isWhole ? text : undefined);
  list.value = next;
  next.more();
}

/** Brings what can be seen up to date now. */
export function hurryList(): void {
  hurryUp();
}

let opening: ReturnType<typeof setTimeout> | undefined;

/** Moves the keyboard's record; an open record follows. */
export function moveTo(index: number): void {
  const rows = list.peek()?.rows.peek() ?? [];
  const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
  if (!row) return;
  activeId.value = row.record.id;
  if (openId.peek() === undefined) return;
  clearTimeout(opening);
  opening = setTimeout(() => {
    // Whoever closed the record meanwhile does not want the next one.
    if (openId.peek() !== undefined) openRecord(row.record.id, true);
  }, 120);
}

export function moveBy(step: number): void {
  const { first } = visibleRange.peek();
  moveTo(activeIndex.peek() === -1 ? first : activeIndex.peek() + step);
}
