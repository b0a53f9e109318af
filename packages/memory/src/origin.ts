import type { StoredRecord } from '@twiceproof/core';

/** What the records of one operation have in common. */
export type Origin = Readonly<
  Pick<StoredRecord, 'environment' | 'operation' | 'run' | 'formatVersion'>
>;

/** A process has few operations that are in use at the same time; the others' records keep their own. */
const mostShared = 16;

const shared: Origin[] = [];
let oldest = 0;

/** An origin that equal ones share, as far as they are in use. */
export function originOf({ environment, operation, run, formatVersion }: Origin): Origin {
  const known = shared.find(
    (other) =>
      other.operation === operation &&
      other.run === run &&
      other.environment === environment &&
      other.formatVersion === formatVersion,
  );
  if (known) return known;
  const origin = { environment, operation, run, formatVersion };
  shared[oldest] = origin;
  oldest = (oldest + 1) % mostShared;
  return origin;
}
