import type { Idempotency } from '@twiceproof/core';
import { type Consume, consumerWith } from './consumer.ts';
import { type ConsumerOptions, checkHandler } from './consumer-options.ts';
import { Heartbeat, type Tick, withHeartbeat } from './heartbeat.ts';

/** How a client is kept waiting. */
export interface Beat<Args extends readonly unknown[]> {
  readonly everyMs: number;
  readonly tick: (...args: Args) => Tick;
  /** Default of the option `held`. */
  readonly held?: 'retry' | 'reject';
}

/** A consumer that beats while its handler holds its lease. The verdict comes after the last beat. */
export function heartbeatingConsumer<Args extends readonly unknown[], Value>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: ConsumerOptions<Args>,
  handler: (...args: Args) => Value | Promise<Value>,
  { everyMs, tick, held }: Beat<Args>,
): Consume<Args, Value> {
  checkHandler('handler', handler);
  const consume = consumerWith<Args, Value>(idempotency, options, withHeartbeat(handler), held);
  return (...args) => new Heartbeat(tick(...args), everyMs).during(() => consume(...args));
}
