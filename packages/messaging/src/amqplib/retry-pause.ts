import type { Verdict } from '../verdict.ts';

// A message that is given back at once comes at once: without a pause that is a hot loop.
const firstMs = 1_000;
const longestOfFailuresMs = 30_000;
const longestMs = 300_000;

/**
 * How long a message that is to be tried again is kept before it is given back. A quorum queue counts deliveries
 * and drops a message that had too many (20, from RabbitMQ 4 on), so there each pause is twice the one before:
 * what ends by itself, as an outage or another executor's lease, is to end before.
 *
 * A message whose handler fails may fail every time, and keeps others out of the channel's prefetch meanwhile. That is
 * not to last for as long.
 */
export function retryPause({ afterMs = firstMs, outcome }: Verdict, message: object): number {
  const hasFailed = outcome === 'failed' || outcome === 'bypassed';
  const longest = hasFailed ? longestOfFailuresMs : longestMs;
  return Math.min(afterMs * 2 ** deliveriesOf(message), longest);
}

/** How often the message was delivered before, as far as its queue counts that. */
function deliveriesOf(message: { properties?: { headers?: Record<string, unknown> } }): number {
  const count = Number(message.properties?.headers?.['x-delivery-count']);
  return Number.isFinite(count) ? Math.max(count, 0) : 0;
}
