import type { Entry } from './entry.ts';

/** What everything of fixed size in a record counts as. */
const fixedBytes = 256;

/** Bytes that a record counts as, apart from its outcome. Texts count one byte per code unit. */
export function bytesBesideOutcome(entry: Entry): number {
  return (
    fixedBytes +
    entry.id.length +
    entry.environment.length +
    entry.operation.length +
    (entry.scope?.length ?? 0) +
    entry.token.length +
    (entry.fingerprint?.length ?? 0) +
    (entry.keyPreview?.length ?? 0) +
    (entry.inputPreview?.length ?? 0)
  );
}
