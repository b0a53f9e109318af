// A workflow that is called again with another input, and a charge of which nobody knows.

import { outcomeUnknown, type Step } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { ending, report, telemetry } from './telemetry.ts';

const { create, start, shutdown } = telemetry('option');
start();
const idempotency = create({ store: memoryStore() });

interface Order {
  readonly id: string;
  readonly total: number;
}
let isBroken = true;
const fulfil = idempotency.workflow(
  async (_: Order, step: Step) => {
    await step('charge', () => 1);
    await step('ship', () => {
      if (isBroken) throw new Error('no carrier');
    });
  },
  { operation: 'fulfil', key: ({ id }) => id },
);
await ending(fulfil({ id: '1', total: 1 }));
isBroken = false;
await fulfil({ id: '1', total: 2 });

const charge = idempotency.wrap(
  (_: string): number => {
    throw outcomeUnknown(new RangeError('no answer'));
  },
  { operation: 'charge', abandoned: 'hold' },
);
const unknown = await ending(charge('1'));

await shutdown();
report({ workflow: await fulfil.idOf({ id: '1', total: 1 }), unknown });
