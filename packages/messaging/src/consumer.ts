import type { Idempotency, Settled, WrapOptions } from '@twiceproof/core';
import { checkIdempotency } from '@twiceproof/core/toolkit';
import { type ConsumerOptions, checkHandler, splitOptions } from './consumer-options.ts';
import { type Verdict, verdictOf } from './verdict.ts';

type Handler = (...args: unknown[]) => unknown;

/** Takes one message, and answers what to tell the broker. It never rejects. */
export type Consume<Args extends readonly unknown[], Value> = (
  ...args: Args
) => Promise<Verdict<Value>>;

/**
 * Makes a message handler safe to deliver to twice: the handler is executed once per key, and every
 * delivery gets a verdict that says what to tell the broker. `key`, `scope`, `fingerprint` and the handler
 * get the arguments that `consume` is called with.
 *
 * Takes the options of core's operations, and `held` and `recorded`. Throws `OPTIONS_INVALID` naming
 * the option that is wrong.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { consumer } from '@twiceproof/messaging';
 *
 * interface Payment { paymentId: string; amount: number }
 * declare const idempotency: Idempotency;
 * declare const charge: (payment: Payment) => Promise<string>;
 * declare const message: Payment;
 *
 * const consume = consumer(
 *   idempotency,
 *   { operation: 'charge', key: (payment) => payment.paymentId },
 *   charge,
 * );
 * const verdict = await consume(message);
 * if (verdict.do === 'retry') console.log(`deliver again in ${verdict.afterMs ?? 1_000} ms`);
 * ```
 */
export function consumer<Args extends readonly unknown[], Value>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: ConsumerOptions<NoInfer<Args>>,
  handler: (...args: Args) => Value | Promise<Value>,
): Consume<Args, Value> {
  return consumerWith(idempotency, options, handler);
}

/** The same for a client where `held` has another default. */
export function consumerWith<Args extends readonly unknown[], Value>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: ConsumerOptions<Args>,
  handler: (...args: Args) => Value | Promise<Value>,
  heldByDefault?: 'retry' | 'reject',
): Consume<Args, Value> {
  checkIdempotency(idempotency, 'consumer');
  const { verdicts, operation } = splitOptions<Args>(options, heldByDefault);
  checkHandler('handler', handler);
  const wrapped = idempotency.wrap(
    handler as unknown as Handler,
    operation as unknown as WrapOptions<unknown[]>,
  );
  return async (...args) => verdictOf((await wrapped.settled(...args)) as Settled<Value>, verdicts);
}
