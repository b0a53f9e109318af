import type { Idempotency } from '@twiceproof/core';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { consumer } from '../consumer.ts';
import { checkHandler, checkKey, type KeyedConsumerOptions } from '../consumer-options.ts';
import { messageOf, thrownError } from '../thrown-error.ts';
import { movable, originalError } from './moved-job.ts';
import { watchStartedAttempts } from './started-attempts.ts';

type JobArgs<Own extends Job> = [job: Own, token?: string, signal?: AbortSignal];

/**
 * A processor for a `Worker` of BullMQ: the result, also of a replay, is the job's return value. A job whose
 * work is in progress elsewhere is delayed, which uses up no attempt; other failures use up attempts,
 * with the job's backoff; and what would fail again fails the job for good.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { processor } from '@twiceproof/messaging/bullmq';
 * import { type Job, Worker } from 'bullmq';
 *
 * interface Payment { paymentId: string; amount: number }
 * declare const idempotency: Idempotency;
 * declare const charge: (payment: Payment, signal?: AbortSignal) => Promise<string>;
 *
 * const worker = new Worker(
 *   'charges',
 *   processor(
 *     idempotency,
 *     { operation: 'charge', key: (job) => job.data.paymentId },
 *     async (job: Job<Payment>, _token, signal) => charge(job.data, signal),
 *   ),
 *   { connection: { host: '127.0.0.1' } },
 * );
 * ```
 */
export function processor<Own extends Job, Value>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: KeyedConsumerOptions<JobArgs<Own>>,
  handler: (...args: JobArgs<Own>) => Value | Promise<Value>,
): (...args: JobArgs<Own>) => Promise<Value> {
  checkKey(options);
  checkHandler('handler', handler);
  const consume = consumer<JobArgs<Own>, Value>(idempotency, options, movable(handler));
  const willDelay = watchStartedAttempts();
  // Three parameters: a shorter processor is given no signal.
  return async (job, token, signal) => {
    const verdict = await consume(job, token, signal);
    if (verdict.do === 'ack') return verdict.value as Value;
    const error = originalError(thrownError(verdict));
    if (verdict.do === 'reject') throw unrecoverable(error);
    if (verdict.afterMs === undefined) throw error;
    willDelay(job);
    await job.moveToDelayed(Date.now() + verdict.afterMs, token);
    throw new DelayedError(messageOf(error));
  };
}

function unrecoverable(cause: unknown): UnrecoverableError {
  return Object.assign(new UnrecoverableError(messageOf(cause)), { cause });
}
