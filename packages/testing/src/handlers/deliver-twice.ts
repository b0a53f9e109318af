import { type Duration, durationMs } from '@twiceproof/core';
import { play } from './deliver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import type { SafetyReport } from './safety-report.ts';
import type { StartHandler } from './test-process.ts';

/**
 * Delivers a message, and then the same message to another process, as a broker does after a lost
 * acknowledgement. Rejects with an {@link UnsafeHandlerError}, whose message is a report, if an effect
 * happened in both deliveries, and also if no effect was recorded or nothing was handled.
 *
 * @param options.after How much later the second delivery comes. Nothing unless given; try the longest time
 * for which your broker may deliver again.
 *
 * @example
 * ```ts
 * import { deliverTwice } from '@twiceproof/testing';
 *
 * await deliverTwice(
 *   ({ idempotency, effect }) => {
 *     const charge = effect('charge', async (id: string) => `receipt of ${id}`);
 *     return idempotency.wrap((order: { id: string }) => charge(order.id), {
 *       operation: 'charge',
 *       key: (order) => order.id,
 *     });
 *   },
 *   { id: 'o-1' },
 *   { after: '12h' },
 * );
 * ```
 */
export function deliverTwice<Message>(
  start: StartHandler<Message>,
  message: Message,
  options: DeliveryOptions & { readonly after?: Duration | undefined } = {},
): Promise<SafetyReport> {
  const laterMs = options.after === undefined ? 0 : durationMs(options.after, 'after');
  return play(start, message, options, async ({ world, start, deliver }) => {
    const first = await deliver(1, await start(1));
    await world.clock.advance(laterMs);
    return [first, await deliver(2, await start(2))];
  });
}
