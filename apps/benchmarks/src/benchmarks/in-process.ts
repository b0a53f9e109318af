import { memoryStore } from '@twiceproof/memory';
import { type Charge, chargeWith } from '../layers/charge.ts';
import { chargeWithPowertools } from '../layers/powertools.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import type { Figures } from '../measuring/figures.ts';
import { versionOf } from '../measuring/version-of.ts';

/** What a call costs by itself: with a store that answers at once, against a peer that has one, too. */
export async function* inProcess({ uses }: Setting): AsyncIterable<Comparison> {
  uses('@aws-lambda-powertools/idempotency', versionOf('@aws-lambda-powertools/idempotency'));
  const known: Ways = [chargeWithPowertools(), chargeWith({ store: memoryStore() })];
  yield comparison('replay, key = id', known, (charge, calls) =>
    charge.replays({ calls, atOnce: 1 }),
  );
  // On a new store each time: records of earlier rounds would slow the later ones down.
  yield comparison('first execution, key = id', waysToCharge, (make, calls) =>
    make().firsts({ calls, atOnce: 1 }),
  );
}

type Ways<Way = Charge> = readonly [peer: Way, ours: Way];

const waysToCharge: Ways<() => Charge> = [
  () => chargeWithPowertools(),
  () => chargeWith({ store: memoryStore() }),
];

function comparison<Way>(
  title: string,
  [peer, ours]: Ways<Way>,
  measure: (way: Way, calls: number) => Promise<Figures>,
): Comparison {
  const processor = async (way: Way, calls: number) => ({ cpu: (await measure(way, calls)).cpu! });
  return {
    title,
    atOnce: 1,
    contenders: [
      { name: 'AWS Powertools', role: 'peer', sample: (calls) => processor(peer, calls) },
      { name: 'Twiceproof', role: 'ours', sample: (calls) => processor(ours, calls) },
    ],
  };
}
