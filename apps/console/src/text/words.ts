const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A span in its largest sensible unit: `412 ms`, `45 s`, `90 min`, `36 h`, `12 d`. */
export function spanText(ms: number): string {
  const span = Math.abs(ms);
  if (span < 1_000) return `${Math.round(span)} ms`;
  if (span < 10_000) return `${(span / 1_000).toFixed(1)} s`;
  const [unit, size] = units.find(([, each]) => span >= 2 * each) ?? units.at(-1)!;
  return `${Math.round(span / size)} ${unit}`;
}

/** Where a time lies from now: `just now`, `5 min ago`, `in 23 h`. */
export function relativeText(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < 1_000) return 'just now';
  const span = spanText(Math.floor(Math.abs(distance) / 1_000) * 1_000).replace('.0 s', ' s');
  return distance > 0 ? `in ${span}` : `${span} ago`;
}

const dayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** A time to the millisecond, in the reader's time zone. */
export function exactText(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return `${dayFormat.format(date)}, ${clockText(at)} ${zoneOf(date)}`;
}

/** Time of day to the millisecond. */
export function clockText(at: number): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const [h, m, s] = parts.map((part) => String(part).padStart(2, '0'));
  return `${h}:${m}:${s}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

export function dayText(at: number): string {
  return dayFormat.format(new Date(at));
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const hours = `${Math.trunc(Math.abs(minutes) / 60)}`.padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${hours}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
}

const numberFormat = new Intl.NumberFormat('en');

export function numberText(value: number): string {
  return numberFormat.format(value);
}

const compactFormat = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});

/** `1,234` as it is, from ten thousand on `12.3K` and `280K`. */
export function shortNumberText(value: number): string {
  return value < 10_000 ? numberText(value) : compactFormat.format(value);
}

export function countText(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

/** A count, or what is known of it where not every record was looked at. */
export function countMark(count: number, isPartial: boolean): string {
  if (!isPartial) return shortNumberText(count);
  return count === 0 ? '?' : `${shortNumberText(count)}+`;
}

/** The same in words; `what` are the records that were counted, such as `held`. */
export function countWords(count: number, isPartial: boolean, what = ''): string {
  const exact = what === '' ? countText(count, 'record') : `${numberText(count)} ${what}`;
  return isPartial ? `at least ${exact}; not all records were counted` : exact;
}
