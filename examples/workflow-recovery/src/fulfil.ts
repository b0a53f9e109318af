// One process that fulfils an order: node fulfil.ts <redis url> <order id> [<step to die in>]
import { writeSync } from 'node:fs';
import { createIdempotency, currentExecution } from '@twiceproof/core';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';

interface Order {
  readonly id: string;
  readonly total: number;
}

const [url = '', id = '', dieIn] = process.argv.slice(2);

const redis = new Redis(url);
const store = redisStore({ client: redis });
const idempotency = createIdempotency({
  environment: 'example',
  store,
  // How long an order of a dead process is left alone.
  lease: '1s',
});

/** What reaches the world outside. It happened also if the process dies right after it. */
function effect(name: string, detail: string): void {
  if (name === dieIn) process.kill(process.pid, 'SIGKILL');
  writeSync(1, `${name}: ${detail}\n`);
}

const fulfil = idempotency.workflow(
  async (order: Order, step) => {
    const payment = await step('charge', () => {
      const { downstreamKey } = currentExecution();
      effect('charge', `${order.total} EUR, with the key ${downstreamKey}`);
      return { paymentId: `pay-${order.id}` };
    });
    const label = await step('ship', () => {
      effect('ship', `paid by ${payment.paymentId}`);
      return `parcel-${order.id}`;
    });
    await step('confirm', () => effect('confirm', `${label} is on its way`));
    return label;
  },
  { operation: 'fulfil-order', key: (order) => order.id, inProgress: { wait: '30s' } },
);

const { value, outcome } = await fulfil.execute({ id, total: 42 });
writeSync(1, `${outcome}: ${value}\n`);
await idempotency.close();
await store.close();
redis.disconnect();
