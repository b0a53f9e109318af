import { expect, test } from 'vitest';
import { type Delivery, maxReceives, queueOf } from './queue.ts';

function deliveries(count: number): Delivery[] {
  return Array.from({ length: count }, (_, index) => ({
    line: index + 1,
    text: '{}',
    order: `A-${index + 1}`,
  }));
}

test('a delivery that was received is invisible until it is put back', () => {
  const queue = queueOf(deliveries(2));
  expect(queue.receive(0)?.line).toBe(1);
  expect(queue.receive(0)?.line).toBe(2);
  expect(queue.receive(0)).toBeUndefined();
  expect(queue.left).toBe(2);
  queue.remove(1);
  queue.remove(2);
  expect(queue.left).toBe(0);
});

test('a failed delivery comes back later, and before what was never received', () => {
  const queue = queueOf(deliveries(2));
  queue.receive(0);
  expect(queue.failed(1, 0, 'broken')).toBeUndefined();
  const visibleAt = queue.nextVisibleAt()!;
  expect(visibleAt).toBeGreaterThan(0);
  expect(queue.receive(visibleAt)?.line).toBe(1);
  expect(queue.receive(visibleAt)?.line).toBe(2);
});

test('after too many failures a delivery is a dead letter with its last error', () => {
  const queue = queueOf(deliveries(1));
  const ends = Array.from({ length: maxReceives }, (_, index) => {
    queue.receive(index * 1_000);
    return queue.failed(1, index * 1_000, `broken ${index + 1}`);
  });
  expect(ends.slice(0, -1)).toEqual(Array(maxReceives - 1).fill(undefined));
  expect(ends.at(-1)).toMatchObject({ line: 1, order: 'A-1', error: `broken ${maxReceives}` });
  expect(queue.left).toBe(0);
  expect(queue.receive(1_000_000)).toBeUndefined();
});

test('conflicts are no failures: each hides the delivery longer, and never past the advice', () => {
  const queue = queueOf(deliveries(1));
  const pauses: number[] = [];
  let now = 0;
  for (let round = 0; round < 8; round += 1) {
    queue.receive(now);
    queue.conflicted(1, now, 1_000);
    pauses.push(queue.nextVisibleAt()! - now);
    now = queue.nextVisibleAt()!;
  }
  expect(pauses).toEqual([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  expect(queue.left).toBe(1);
});
