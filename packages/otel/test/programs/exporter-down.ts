// Calls while whoever should take telemetry takes the connection and never answers, or is not there.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryStore } from '@twiceproof/memory';
import { report, telemetry } from './telemetry.ts';

let requests = 0;
const collector = createServer((socket) => socket.on('data', () => requests++));
collector.listen(0, '127.0.0.1');
await once(collector, 'listening');
const { port } = collector.address() as AddressInfo;
const isThere = process.argv[2] === 'deaf';
if (!isThere) {
  collector.close();
  await once(collector, 'close');
}
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`;

const { create, start, shutdown } = telemetry('option');
start();
const charge = create({ store: memoryStore() }).wrap((id: number) => id, {
  operation: 'charge',
  key: (id) => id % 100,
});

let calls = 0;
let right = 0;
const callMany = async (): Promise<void> => {
  for (let id = 0; id < 300; id++) {
    calls++;
    if ((await charge(id)) === id % 100) right++;
  }
  // The exporter gets its turn.
  await delay(1);
};
for (let round = 0; round < 10; round++) await callMany();
while (isThere && requests === 0) await callMany();
await callMany();

// Whether telemetry arrived is told to who waits for it, not to callers.
if (!isThere) await shutdown().catch(() => {});
report({ wrong: calls - right, requests });
process.exit();
