import type { AbandonedRecord } from '../records/record.ts';

/** What a probe found out about a crashed attempt. */
export type ProbeAnswer = { readonly completed: unknown } | 'reexecute' | 'hold';

/** Finds out what became of a crashed attempt. */
export type Probe = AnyProbe | LiteralProbe;

/** With a second signature, so that it has no say in how a function that is given is inferred. */
interface AnyProbe {
  (record: AbandonedRecord): ProbeAnswer | PromiseLike<ProbeAnswer>;
  <Unused>(record: AbandonedRecord, unused?: Unused): ProbeAnswer | PromiseLike<ProbeAnswer>;
}

/** What a function that is given is inferred by. TypeScript keeps the only literal that it returns if
 * all that may be returned is a promise (for an async one), and some of it is a literal (for others). */
type LiteralProbe = (
  record: AbandonedRecord,
) => Promise<ProbeAnswer> | ('hold' & Promise<ProbeAnswer>);
