import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { defaultKey, keySelector } from '../order-key.ts';
import { sampleDeliveries, sampleOrders } from './sample-deliveries.ts';

const deliveries = sampleDeliveries();
const select = keySelector(defaultKey);
const orderOf = (index: number): string => select(JSON.stringify(deliveries[index])) as string;
const orders = deliveries.map((_, index) => orderOf(index));

test('is the same every time', () => {
  expect(sampleDeliveries()).toEqual(deliveries);
});

test('delivers every order one to four times, and the default key finds it', () => {
  const times = new Map<string, number>();
  for (const order of orders) times.set(order, (times.get(order) ?? 0) + 1);
  expect(times.size).toBe(sampleOrders);
  expect(orders[0]).toMatch(/^ORD-\d{4}$/);
  expect([...new Set(times.values())].sort()).toEqual([1, 2, 3, 4]);
});

test('delivers one event under several message ids, so that a message id is no key', () => {
  const messages = new Set(deliveries.map(({ messageId }) => messageId));
  expect(messages.size).toBeGreaterThan(sampleOrders);
  expect(messages.size).toBeLessThan(deliveries.length);
});

test('delivers out of order, with a new receipt handle and the right checksum each time', () => {
  const firsts = [...new Set(orders)];
  expect(firsts).not.toEqual(firsts.toSorted());
  expect(new Set(deliveries.map(({ receiptHandle }) => receiptHandle)).size).toBe(
    deliveries.length,
  );
  for (const { body, md5OfBody } of deliveries) expect(hash('md5', body)).toBe(md5OfBody);
});
