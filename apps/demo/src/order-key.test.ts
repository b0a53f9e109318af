import { expect, test } from 'vitest';
import { keySelector } from './order-key.ts';

const text = JSON.stringify({
  detail: { orderId: 'A', 'order-id': 'B', items: [{ sku: 'C' }] },
  body: '{"order":{"id":7}}',
});

test.each([
  ['detail.orderId', 'A'],
  ['detail.order-id', 'B'],
  ['detail.items.0.sku', 'C'],
  ['detail.items[0].sku', 'C'],
  ['json(body).order.id', 7],
  ['json(body).order.id || detail.orderId', 7],
  ['missing.field', null],
])('%s finds %j', (expression, found) => {
  expect(keySelector(expression)(text)).toEqual(found);
});

test('an expression that is wrong is refused at once, with its place', () => {
  expect(() => keySelector('detail.[orderId')).toThrow(
    "--key: the JMESPath expression 'detail.[orderId' is wrong at position",
  );
});
