import { deliveryUnderWay } from './delivery-under-way.ts';

/** One time that an effect was asked for. */
export interface LedgerEntry {
  readonly effect: string;
  readonly args: readonly unknown[];
  /** Number of the delivery that it was part of; undefined where that cannot be told. */
  readonly delivery: number | undefined;
  /** `known`: whoever does it was asked with the same key before, and did nothing. */
  readonly what: 'happened' | 'failed' | 'known';
}

/** What reached the world outside, in the order in which it was asked for. */
export interface EffectsLedger {
  readonly entries: readonly LedgerEntry[];
  /** How often an effect happened. */
  count(effect: string): number;
  readonly effect: RecordedEffect;
}

/** What {@link RecordedEffect} may be given beside the effect's name and what it does. */
export interface EffectOptions<Args extends readonly unknown[]> {
  /** What the other side knows a repeated request by, such as the idempotency key that it is handed.
   * A request with a key that it has had is answered as the first one was, and does nothing. */
  readonly knownBy?: ((...args: Args) => string) | undefined;
}

/** Makes a function that has an effect, to be handed to the handler in place of the real one. `name` may
 * depend on the arguments, where one delivery has the effect for several things: `mail to ada`. */
export interface RecordedEffect {
  (name: string): (...args: unknown[]) => Promise<undefined>;
  <Args extends readonly unknown[], Value>(
    name: string | ((...args: Args) => string),
    perform: (...args: Args) => Value | Promise<Value>,
    options?: EffectOptions<Args>,
  ): (...args: Args) => Promise<Value>;
}

/**
 * A ledger of effects, for handlers that take what they call from their module and not from a process
 * that `deliverTwice` and the like start.
 *
 * @example
 * ```ts
 * import { deliverTwice, effectsLedger } from '@twiceproof/testing';
 *
 * declare function handle(order: { id: string }, charge: (id: string) => Promise<string>): Promise<void>;
 *
 * const ledger = effectsLedger();
 * const charge = ledger.effect('charge', async (id: string) => `receipt of ${id}`);
 * await deliverTwice(() => (order) => handle(order, charge), { id: 'o-1' }, { ledger });
 * ```
 */
export function effectsLedger(): EffectsLedger {
  const entries: LedgerEntry[] = [];
  const answers = new Map<string, Promise<unknown>>();

  const effect = (
    name: string | ((...args: unknown[]) => string),
    perform: (...args: unknown[]) => unknown = () => undefined,
    { knownBy }: EffectOptions<unknown[]> = {},
  ) =>
    async function recorded(...args: unknown[]): Promise<unknown> {
      const effect = typeof name === 'string' ? name : name(...args);
      const under = deliveryUnderWay();
      await under?.reach(effect, 'before');
      const known = knownBy && `${effect}\0${knownBy(...args)}`;
      const earlier = known === undefined ? undefined : answers.get(known);
      const entry = { effect, args, delivery: under?.delivery };
      if (earlier !== undefined) {
        entries.push({ ...entry, what: 'known' });
        return earlier;
      }
      const at = entries.push({ ...entry, what: 'happened' }) - 1;
      const doing = (async () => perform(...args))();
      if (known !== undefined) answers.set(known, doing);
      try {
        const value = await doing;
        await under?.reach(effect, 'after');
        return value;
      } catch (error) {
        entries[at] = { ...entry, what: 'failed' };
        if (known !== undefined) answers.delete(known);
        throw error;
      }
    };

  return {
    entries,
    count: (effect) =>
      entries.filter((entry) => entry.effect === effect && entry.what === 'happened').length,
    effect: effect as RecordedEffect,
  };
}
