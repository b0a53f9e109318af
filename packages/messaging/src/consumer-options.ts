import * as types from 'node:util/types';
import type { IdempotencyError, WrapOptions } from '@twiceproof/core';
import { checkOneOf, invalidOption, shown } from '@twiceproof/core/toolkit';

/** What a consumer tells its broker where core alone cannot know. */
export interface VerdictOptions {
  /** When the record is held for an operator, or nobody knows whether the effect happened: ask again
   * in 30 seconds, or give the message up. Default `'retry'`. */
  readonly held?: 'retry' | 'reject' | undefined;
  /** When the work failed and its error is recorded by `failure`: somebody must see the message, or it
   * is done with. Default `'reject'`. */
  readonly recorded?: 'reject' | 'ack' | undefined;
}

/** The same, with every choice made. */
export interface Verdicts {
  readonly held: 'retry' | 'reject';
  readonly recorded: 'reject' | 'ack';
}

/** Options of a consumer: those of the operation, and what its verdicts are. */
export interface ConsumerOptions<Args extends readonly unknown[]>
  extends WrapOptions<Args>,
    VerdictOptions {}

/** Options of a consumer whose client hands over more than the message, e.g. how often it was delivered:
 * only a chosen key tells that it is the same message again. */
export type KeyedConsumerOptions<Args extends readonly unknown[]> = ConsumerOptions<Args> & {
  readonly key: NonNullable<WrapOptions<Args>['key']>;
};

/** Refuses options that are none, and takes those of the verdict out of them. */
export function splitOptions<Args extends readonly unknown[]>(
  options: ConsumerOptions<Args>,
  heldByDefault: 'retry' | 'reject' = 'retry',
): { readonly verdicts: Verdicts; readonly operation: WrapOptions<Args> } {
  if (typeof options !== 'object' || options === null) {
    throw invalid('options', options, "{ operation: 'charge', key: (message) => … }");
  }
  const { held = heldByDefault, recorded = 'reject', ...operation } = options;
  checkOneOf(held, ['retry', 'reject'], 'held');
  checkOneOf(recorded, ['reject', 'ack'], 'recorded');
  return { verdicts: { held, recorded }, operation };
}

/** Refuses options without a key of their own. */
export function checkKey(options: { readonly key?: unknown }): void {
  if (typeof options !== 'object' || options === null || options.key !== undefined) return;
  throw invalid(
    'key',
    options.key,
    'what tells that a message is the same one again, e.g. key: (message) => message.id',
  );
}

/** Refuses what is no function that does its work when it is called. */
export function checkHandler(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalid(name, value, 'a function');
  // Called, it would do nothing yet, and its message would be acknowledged.
  if (types.isGeneratorFunction(value)) {
    throw invalidOption(
      `${name} is a generator function, which does its work only when it is iterated; give one that answers a promise`,
    );
  }
}

/** Refuses an option with what to give instead. */
export function invalid(name: string, value: unknown, instead: string): IdempotencyError {
  return invalidOption(`${name} is ${shown(value)}; give ${instead}`);
}
