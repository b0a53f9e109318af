// A program that knows nothing of telemetry.
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
await idempotency.execute({ operation: 'charge', key: 1 }, () => {});
await idempotency.execute({ operation: 'charge', key: 1 }, () => {});
process.stdout.write('{}');
