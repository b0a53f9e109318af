// A charge that is taken and never answered ends as one charge: node main.ts
import { createIdempotency, currentExecution } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { listCharges, openProvider, requestCharge } from './provider.ts';
import { searchByKey } from './search-by-key.ts';

const provider = await openProvider();
await using idempotency = createIdempotency({ environment: 'example', store: memoryStore() });

const pay = idempotency.wrap(
  async (order: { id: string; amount: number }) =>
    requestCharge(provider, {
      id: `ch-${order.id}`,
      amount: order.amount,
      metadata: { idempotency_key: currentExecution().downstreamKey },
    }),
  {
    operation: 'pay',
    key: (order) => order.id,
    // With a probe, timeouts after the request was sent are unknown outcomes.
    abandoned: searchByKey((after) => listCharges(provider, after)),
  },
);

const order = { id: 'o-1', amount: 42 };
provider.next = 'taken, never answered';
const first = await pay.settled(order);
console.log(`first call: ${first.outcome}, ${provider.charges.length} charge taken`);
const second = await pay.settled(order);
console.log(`second call: ${second.outcome}, ${provider.charges.length} charge taken`);
console.log(`it gets ${second.value?.id}, which the probe found`);
await provider.close();
