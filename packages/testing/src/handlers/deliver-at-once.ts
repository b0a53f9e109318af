import { IdempotencyError } from '@twiceproof/core';
import { play } from './deliver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import type { SafetyReport } from './safety-report.ts';
import type { StartHandler } from './test-process.ts';

const most = 1_000;

/**
 * Delivers a message `count` times at once, each time to a process of its own, as happens when consumers
 * are scaled out or a client is impatient. Rejects as `deliverTwice` does. Deliveries that are refused
 * meanwhile are fine, as long as one is handled.
 *
 * @example
 * ```ts
 * import { deliverAtOnce } from '@twiceproof/testing';
 *
 * await deliverAtOnce(
 *   10,
 *   ({ idempotency, effect }) => {
 *     const charge = effect('charge', async (id: string) => `receipt of ${id}`);
 *     return idempotency.wrap((order: { id: string }) => charge(order.id), {
 *       operation: 'charge',
 *       key: (order) => order.id,
 *     });
 *   },
 *   { id: 'o-1' },
 * );
 * ```
 */
export async function deliverAtOnce<Message>(
  count: number,
  start: StartHandler<Message>,
  message: Message,
  options: DeliveryOptions = {},
): Promise<SafetyReport> {
  if (!Number.isInteger(count) || count < 2 || count > most) {
    const told = `deliverAtOnce takes a count from 2 to ${most}, and was given ${String(count)}`;
    throw new IdempotencyError('OPTIONS_INVALID', told);
  }
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return play(start, message, options, async ({ start, deliver }) => {
    const processes = await Promise.all(numbers.map((number) => start(number)));
    return Promise.all(processes.map((process, index) => deliver(index + 1, process)));
  });
}
