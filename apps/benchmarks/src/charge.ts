import { randomUUID } from 'node:crypto';
import { createIdempotency, type IdempotencyOptions, type KeyValue } from '@twiceproof/core';
import { type Load, microsPerCall } from './load.ts';
import { type Payment, paymentOf, receipt } from './payments.ts';

/** An idempotent function under load. It does no work of its own: what is left is what its layer costs. */
export interface Charge {
  /** Microseconds a call where every call has a new key, so that every call executes. */
  firsts(load: Load): Promise<number>;
  /** Microseconds a call where every key is known, so that no call executes. */
  replays(load: Load): Promise<number>;
}

export interface ChargeOptions extends Omit<IdempotencyOptions, 'environment' | 'key'> {
  readonly key?: (payment: Payment) => KeyValue;
}

type ChargePayment = (payment: Payment) => Promise<unknown>;

const mostKnown = 1_000;

/** Charges with Twiceproof. */
export function chargeWith({ key = byId, ...options }: ChargeOptions): Charge {
  const idempotency = createIdempotency({ environment: 'benchmark', ...options });
  return chargeThrough((fn) => idempotency.wrap(fn, { operation: 'charge-payment', key }));
}

/** Charges through any layer. A replay that executes, or the other way round, would measure something else: it
 * is refused, and so is one that answers something else than the receipt. */
export function chargeThrough(wrap: (fn: ChargePayment) => ChargePayment): Charge {
  const space = randomUUID();
  let executions = 0;
  const charge = wrap(async (_payment: Payment) => {
    executions++;
    return receipt;
  });

  const executing = async (expected: number, work: () => Promise<number>): Promise<number> => {
    const before = executions;
    const micros = await work();
    const executed = executions - before;
    if (executed === expected) return micros;
    throw new Error(`${executed} calls were executed instead of ${expected}`);
  };

  let made = 0;
  const newPayments = (count: number): Payment[] =>
    Array.from({ length: count }, () => paymentOf(`payment-${made++}-${space}`));
  const known: Payment[] = [];

  return {
    firsts(load) {
      const payments = newPayments(load.calls);
      return executing(load.calls, () => microsPerCall(load, (at) => charge(payments[at]!)));
    },
    async replays(load) {
      const missing = newPayments(Math.min(load.calls, mostKnown) - known.length);
      for (const payment of missing) await charge(payment);
      known.push(...missing);
      const answered = (await charge(known[0]!)) as typeof receipt;
      if (answered.receiptId !== receipt.receiptId)
        throw new Error('a replay answers another value');
      return executing(0, () => microsPerCall(load, (at) => charge(known[at % known.length]!)));
    },
  };
}

export function byId(payment: Payment): string {
  return payment.paymentId;
}
