// The same three calls under the options of one case.
import { memoryStore } from '@twiceproof/memory';
import type { OpenTelemetryOptions } from '../../src/index.ts';
import { ending, report, telemetry } from './telemetry.ts';

const cases: Readonly<Record<string, OpenTelemetryOptions>> = {
  defaults: {},
  'keyLabel: max': { keyLabel: { max: 2 } },
  'keyLabel: off': { keyLabel: 'off' },
  'keyLabel: function': { keyLabel: ({ scope }) => scope },
  'keyLabel: throws': {
    keyLabel: () => {
      throw new Error('no label');
    },
  },
  keyParts: { keyParts: true },
  keySecret: { keySecret: 'secret' },
  spanAttributes: {
    spanAttributes: ({ args, outcome }) => ({
      'order.id': (args[0] as Order).id,
      'order.outcome': outcome,
      'idempotency.run': 4711,
    }),
  },
  'spanAttributes: throws': {
    spanAttributes: () => {
      throw new Error('no attributes');
    },
  },
};

interface Order {
  readonly id: string;
}

const { create, start, shutdown } = telemetry('option', cases[process.argv[2]!]);
start();
const store = memoryStore();
// Each time wired anew: all that is wired in a process counts together.
const wireCharge = () =>
  create({ store }).wrap(
    (order: Order) => {
      if (order.id === 'order-3') throw new Error('declined');
    },
    {
      operation: 'charge',
      key: ({ id }) => id,
      scope: 'tenant-1',
      attributes: ({ id }) => {
        if (id === 'order-2') throw new Error('no attributes');
        return { 'http.route': '/orders/:id', 'idempotency.run': 4712 };
      },
    },
  );
const endings: string[] = [];
for (const id of ['order-1', 'order-2', 'order-3'])
  endings.push(await ending(wireCharge()({ id })));
const { idOf } = wireCharge();
const ids = [await idOf({ id: 'order-1' }), await idOf({ id: 'order-2' })];
await shutdown();
report({ endings, ids });
