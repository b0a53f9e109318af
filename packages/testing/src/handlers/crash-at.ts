import { play } from './deliver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import type { SafetyReport } from './safety-report.ts';
import type { StartHandler } from './test-process.ts';

/**
 * Delivers a message to a process that dies at `step`: an effect, a wrapped operation, or a step of a
 * workflow. When its leases are over, the message is delivered to another process. Rejects with an
 * {@link UnsafeHandlerError} if an effect happened in both deliveries, or if the effect at which the first
 * process died has not happened although the second delivery was handled.
 *
 * @param options.when `'after'`, unless given: the effect has happened and nothing of it is recorded, the
 * worst moment. `'before'`: it is about to happen.
 *
 * @example
 * ```ts
 * import { currentExecution } from '@twiceproof/core';
 * import { crashAt } from '@twiceproof/testing';
 *
 * await crashAt(
 *   'charge',
 *   ({ idempotency, effect }) => {
 *     // The bank knows a repeated request by its key, so that asking it again is safe.
 *     const charge = effect('charge', async (id: string, _key: string) => `receipt of ${id}`, {
 *       knownBy: (_id, key) => key,
 *     });
 *     return idempotency.wrap(
 *       (order: { id: string }) => charge(order.id, currentExecution().downstreamKey),
 *       { operation: 'charge-order', key: (order) => order.id },
 *     );
 *   },
 *   { id: 'o-1' },
 * );
 * ```
 */
export function crashAt<Message>(
  step: string,
  start: StartHandler<Message>,
  message: Message,
  options: DeliveryOptions & { readonly when?: 'before' | 'after' | undefined } = {},
): Promise<SafetyReport> {
  const { when = 'after' } = options;
  return play(start, message, options, async ({ world, start, deliver }) => {
    const process = await start(1, { step, when });
    const first = await deliver(1, process);
    if (first.end !== 'crashed') throw neverReached(step, process.reached, first.error);
    await world.clock.advance(process.leaseMs() + 1);
    return [first, await deliver(2, await start(2))];
  });
}

function neverReached(step: string, reached: ReadonlySet<string>, cause: unknown): Error {
  const known = [...reached].map((name) => `'${name}'`).join(', ');
  const message = `'${step}' was never reached; the handler came to ${known || 'no effect and no operation'}`;
  return new Error(message, { cause });
}
