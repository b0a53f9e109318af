import { memoryStore } from '@twiceproof/memory';
import type { Benchmark, Comparison } from './benchmark.ts';
import { type Charge, chargeWith } from './charge.ts';
import { type Load, processorTime } from './load.ts';
import { chargeWithPowertools } from './powertools.ts';

/** What a call costs by itself: with a store that answers at once, against a peer that has one, too. */
export const inProcess: Benchmark = {
  name: 'in-process',
  about: 'first executions and replays without an engine, against AWS Powertools on a Map',

  async prepare({ calls }) {
    const load: Load = { calls: calls(3_000), atOnce: 1, clock: processorTime };
    const known: Ways = [chargeWithPowertools(), chargeWith({ store: memoryStore() })];
    return [
      comparison('replay, key = id', known, (charge) => charge.replays(load)),
      // On a new store each time: records of earlier rounds would slow the later ones down.
      comparison('first execution, key = id', waysToCharge, (make) => make().firsts(load)),
    ];
  },
};

type Ways<Way = Charge> = readonly [peer: Way, ours: Way];

const waysToCharge: Ways<() => Charge> = [
  chargeWithPowertools,
  () => chargeWith({ store: memoryStore() }),
];

function comparison<Way>(
  title: string,
  [peer, ours]: Ways<Way>,
  measure: (way: Way) => Promise<number>,
): Comparison {
  return {
    title,
    unit: 'CPU µs a call',
    contenders: [
      { name: 'AWS Powertools', sample: () => measure(peer) },
      { name: 'Twiceproof', sample: () => measure(ours) },
    ],
  };
}
