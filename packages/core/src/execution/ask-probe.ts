import { IdempotencyError } from '../errors.ts';
import type { Probe, ProbeAnswer } from '../options/probe.ts';
import { abandonedRecord } from '../records/record.ts';
import type { StoredRecord } from '../store.ts';

/** What the probe found out. Throws what it throws, and `OPTIONS_INVALID` for what is no answer. */
export async function askProbe(probe: Probe, record: StoredRecord): Promise<ProbeAnswer> {
  const found: unknown = await probe(abandonedRecord(record));
  if (found === 'reexecute' || found === 'hold') return found;
  if (typeof found === 'object' && found !== null && 'completed' in found) return found;
  const message = `abandoned: the probe of ${record.id} answered neither { completed: value }, 'reexecute' nor 'hold'`;
  throw new IdempotencyError('OPTIONS_INVALID', message, { recordId: record.id });
}
