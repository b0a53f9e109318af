import { expect, test } from 'vitest';
import type { Verdict } from '../verdict.ts';
import { retryPause } from './retry-pause.ts';

const delivered = (before: unknown) => ({
  properties: { headers: { 'x-delivery-count': before } },
});

/** How long a message is tried before a limit of 20 deliveries is over, in minutes. */
function minutes(verdict: Pick<Verdict, 'outcome' | 'afterMs'>): number {
  let sum = 0;
  for (let before = 0; before < 20; before++) {
    sum += retryPause({ do: 'retry', ...verdict }, delivered(before || undefined));
  }
  return sum / 60_000;
}

test('a queue that counts deliveries has as few of them as an outage, or a lease of minutes, allows', () => {
  expect(minutes({ outcome: 'store_error' })).toBeGreaterThan(60);
  expect(minutes({ outcome: 'in_progress', afterMs: 30_000 })).toBeGreaterThan(60);
  expect(minutes({ outcome: 'held', afterMs: 30_000 })).toBeGreaterThan(60);
  expect(minutes({ outcome: 'failed' })).toBeGreaterThan(5);
  expect(minutes({ outcome: 'failed' })).toBeLessThan(10);
});

test.each([
  {},
  { properties: {} },
  { properties: { headers: {} } },
  delivered('many'),
  delivered(-1),
  delivered(Number.NaN),
])('a queue that counts none has the same pause each time: %j', (message) => {
  expect(retryPause({ do: 'retry', outcome: 'failed' }, message)).toBe(1_000);
  expect(retryPause({ do: 'retry', outcome: 'in_progress', afterMs: 100 }, message)).toBe(100);
});
