/** The rows that a scrolled viewport shows, with some around it. */
export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

const around = 12;

export function rowWindow(
  scrollTop: number,
  viewportHeight: number,
  rowHeight: number,
  count: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - around);
  const end = Math.min(count, Math.ceil((scrollTop + viewportHeight) / rowHeight) + around);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that a row is seen whole; undefined if it is already. */
export function scrollTo(
  index: number,
  scrollTop: number,
  viewportHeight: number,
  rowHeight: number,
): number | undefined {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + viewportHeight) return top + rowHeight - viewportHeight;
  return undefined;
}
