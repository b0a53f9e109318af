// What operators do to records: done, and not done because the record was not there.
import { memoryStore } from '@twiceproof/memory';
import { report, telemetry } from './telemetry.ts';

const { create, start, shutdown } = telemetry('option', { keyParts: true });
start();
const { records, wrap } = create({ store: memoryStore() });
const charge = wrap((id: string) => id, { operation: 'charge' });

await charge('1');
const id = await charge.idOf('1');
await records.extend(id, '1h', { by: 'ada', reason: 'under dispute' });
await records.release(id, { by: 'ada', reason: 'refunded by hand' });
await charge('1');
await records.delete(id);
await records.delete(id);

await shutdown();
report({ id });
