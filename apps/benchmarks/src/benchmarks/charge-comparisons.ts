import type { Charge } from '../layers/charge.ts';
import { byEvent, byId, type KeyChoice } from '../layers/key-choice.ts';
import type { Comparison, Role } from '../measuring/comparison.ts';
import { concurrencies, titleOf, works } from './titles.ts';

/** A way to charge a payment at most once. */
export interface ChargeContender {
  readonly name: string;
  readonly role: Role;
  readonly charge: (key: KeyChoice) => Charge;
}

/**
 * First executions and replays, with either kind of key, one and many at once. With `calls`, a sample of as many at once
 * as is usual has so many, see {@link Comparison.calls}.
 */
export async function* chargeComparisons(
  contenders: readonly ChargeContender[],
  before: () => Promise<void> = async () => {},
  calls?: number,
): AsyncIterable<Comparison> {
  for (const key of [byId, byEvent]) {
    for (const atOnce of concurrencies) {
      for (const work of works) {
        await before();
        yield {
          title: titleOf(work, key.name, atOnce),
          atOnce,
          calls: key === byId && atOnce === concurrencies[0] ? calls : undefined,
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
