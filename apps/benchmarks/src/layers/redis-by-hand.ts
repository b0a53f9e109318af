import type { Redis } from 'ioredis';
import { type Charge, chargeThrough } from './charge.ts';
import type { KeyChoice } from './key-choice.ts';
import { receiptText } from './payments.ts';

/** The least that could work on Redis: SET NX GET, then SET; GET where it is known. */
export function redisByHand(
  client: Redis,
  { text }: KeyChoice,
  keepMs: number,
  around: <T>(call: () => Promise<T>) => Promise<T> = (call) => call(),
): Charge {
  return chargeThrough({
    first: (fn) => async (payment) => {
      const key = text(payment);
      const found = await client.set(key, 'claimed', 'PX', keepMs, 'NX', 'GET');
      if (found !== null) return found;
      const receipt = await fn(payment);
      await client.set(key, receiptText(payment.paymentId), 'PX', keepMs);
      return receipt;
    },
    replay: () => (payment) => around(() => client.get(text(payment))),
  });
}
