import type { Charge } from '../layers/charge.ts';
import { byEvent, byId, type KeyChoice } from '../layers/key-choice.ts';
import type { Comparison, Role } from '../measuring/comparison.ts';

/** A way to charge a payment at most once. */
export interface ChargeContender {
  readonly name: string;
  readonly role: Role;
  readonly charge: (key: KeyChoice) => Charge;
}

const concurrencies = [64, 256, 1];

/** The title of a comparison, by which targets and plots find it. */
function titleOf(work: 'first' | 'replay', key: KeyChoice, atOnce: number): string {
  return `${work === 'first' ? 'first execution' : 'replay'}, ${key.name}, ${atOnce} at once`;
}

/** First executions and replays, with either kind of key, one and many at once. */
export async function* chargeComparisons(
  contenders: readonly ChargeContender[],
  before: () => Promise<void> = async () => {},
): AsyncIterable<Comparison> {
  for (const key of [byId, byEvent]) {
    for (const atOnce of concurrencies) {
      for (const work of ['first', 'replay'] as const) {
        await before();
        yield {
          title: titleOf(work, key, atOnce),
          atOnce,
          contenders: contenders.map(({ name, role, charge }) => {
            const way = charge(key);
            const sample = (calls: number) => way[`${work}s`]({ calls, atOnce });
            return { name, role, sample };
          }),
        };
      }
    }
  }
}
