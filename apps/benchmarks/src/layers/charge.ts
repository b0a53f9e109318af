import { randomUUID } from 'node:crypto';
import { createIdempotency, type IdempotencyOptions } from '@twiceproof/core';
import type { Figures } from '../measuring/figures.ts';
import { collectRecentGarbage } from '../measuring/garbage.ts';
import { costOf, type Load } from '../measuring/load.ts';
import { byId, type KeyChoice } from './key-choice.ts';
import { isReceiptOf, type Payment, paymentOf, type Receipt, receiptOf } from './payments.ts';

/** An idempotent function under load. It does no work of its own: what is left is what its layer costs. */
export interface Charge {
  /** Every call has a new key, so that every call executes. */
  firsts(load: Load): Promise<Figures>;
  /** Every key is known, so that no call executes. */
  replays(load: Load): Promise<Figures>;
}

export interface ChargeOptions extends Omit<IdempotencyOptions, 'environment' | 'key'> {
  readonly key?: KeyChoice;
}

type ChargePayment = (payment: Payment) => Promise<Receipt>;

/** Makes the function idempotent. What it answers may be the text of the result. */
export type Wrap = (fn: ChargePayment) => (payment: Payment) => Promise<unknown>;

/** One that knows which of the two comes, as only code by hand can. */
export interface ByHand {
  readonly first: Wrap;
  readonly replay: Wrap;
}

const mostKnown = 1_000;

/** Charges with Twiceproof. */
export function chargeWith({ key = byId, ...options }: ChargeOptions): Charge {
  const idempotency = createIdempotency({ environment: 'benchmark', ...options });
  const operation = 'charge-payment';
  return chargeThrough((fn) =>
    idempotency.wrap(
      fn,
      key.path ? { operation, key: ({ paymentId }) => paymentId } : { operation },
    ),
  );
}

/**
 * Charges through any layer. A replay that executes, or the other way round, would measure something else: it
 * is refused, and so is a call that answers anything but the receipt of its payment.
 */
export function chargeThrough(layer: Wrap | ByHand): Charge {
  const space = randomUUID();
  let executions = 0;
  const charge: ChargePayment = async ({ paymentId }) => {
    executions++;
    return receiptOf(paymentId);
  };
  const chargeFirst = typeof layer === 'function' ? layer(charge) : layer.first(charge);
  const chargeAgain = typeof layer === 'function' ? chargeFirst : layer.replay(charge);
  const check = ({ paymentId }: Payment, answer: unknown): void => {
    if (!isReceiptOf(paymentId, answer))
      throw new Error(`${paymentId} was answered with ${JSON.stringify(answer)}`);
  };
  const chargeAll = (load: Load, way: typeof chargeFirst, of: (at: number) => Payment) =>
    costOf(
      load,
      (at) => way(of(at)),
      (at, answer) => check(of(at), answer),
    );

  const executing = async (expected: number, work: () => Promise<Figures>): Promise<Figures> => {
    const before = executions;
    const figures = await work();
    const executed = executions - before;
    if (executed === expected) return figures;
    throw new Error(`${executed} calls were executed instead of ${expected}`);
  };

  let made = 0;
  const newPayments = (count: number): Payment[] =>
    Array.from({ length: count }, () => paymentOf(`payment-${made++}-${space}`));
  const known: Payment[] = [];

  return {
    async firsts(load) {
      const payments = newPayments(load.calls);
      // They would be moved about in the time of the calls.
      await collectRecentGarbage();
      return executing(load.calls, () => chargeAll(load, chargeFirst, (at) => payments[at]!));
    },
    async replays(load) {
      const missing = newPayments(Math.min(load.calls, mostKnown) - known.length);
      const missed = { calls: missing.length, atOnce: 64 };
      await executing(missing.length, () => chargeAll(missed, chargeFirst, (at) => missing[at]!));
      known.push(...missing);
      return executing(0, () => chargeAll(load, chargeAgain, (at) => known[at % known.length]!));
    },
  };
}
