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

test('order numbers that a double cannot tell apart are two keys', () => {
  const select = keySelector('id');
  expect(select('{"id":9007199254740993}')).not.toEqual(select('{"id":9007199254740992}'));
});

test('an expression that is wrong is refused at once, with its place', () => {
  expect(() => keySelector('detail.[orderId')).toThrow(
    "--key: the JMESPath expression 'detail.[orderId' is wrong at position",
  );
});
