import { gzipSync } from 'node:zlib';
import { isIdempotencyError } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { jmespath } from './index.ts';

const order = { id: 'ord_1', note: 'Grüße 😀' };
const text = JSON.stringify(order);
const base64 = Buffer.from(text).toString('base64');
const gzip = gzipSync(text).toString('base64');

test.each([
  ['json(body)', text, order],
  ['json(body).id', text, 'ord_1'],
  ['json(body)', '"text"', 'text'],
  ['base64(body)', Buffer.from('ord_1 😀').toString('base64'), 'ord_1 😀'],
  ['base64(body)', '', ''],
  ['base64_json(body).id', base64, 'ord_1'],
  ['json(base64(body)).id', base64, 'ord_1'],
  ['gzip_base64_json(body).id', gzip, 'ord_1'],
])('%s of %j', (expression, body, found) => {
  expect(jmespath(expression)({ body })).toEqual(found);
});

test('bodies in a list are read with map()', () => {
  const records = [{ body: '{"id":1}' }, { body: '{"id":2}' }];
  expect(jmespath('map(&json(body).id, @)')(records)).toEqual([1, 2]);
});

test.each(['json', 'base64', 'base64_json', 'gzip_base64_json'])(
  '%s() of nothing is nothing',
  (name) => {
    expect(jmespath(`${name}(body)`)({})).toBeNull();
    expect(jmespath(`${name}(body)`)({ body: null })).toBeNull();
    expect(jmespath(`${name}(@)`)()).toBeNull();
  },
);

test('whole numbers beyond 2^53 stay exact, so that two ids never become one', () => {
  const select = jmespath('json(@).id');
  expect(select('{"id":1050118621198921728}')).toBe(1050118621198921728n);
  expect(select('{"id":1050118621198921729}')).toBe(1050118621198921729n);
  expect(select('{"id":-9007199254740993}')).toBe(-9007199254740993n);
  expect(select('{"id":9007199254740991}')).toBe(9007199254740991);
  expect(select('{"id":0.12345678901234566}')).toBe(0.12345678901234566);
  expect(select('{"id":"1050118621198921729"}')).toBe('1050118621198921729');
});

test.each([
  ['json(body)', 'hello secret', 'a body that is not JSON'],
  ['json(body)', '', 'a body that is not JSON'],
  ['json(body)', '{"a":12345678901234567890', 'a body that is not JSON'],
  ['base64(body)', 'secret!!', 'a body that is not base64'],
  ['base64(body)', 'abc', 'a body that is not base64'],
  ['base64(body)', Buffer.from([0xff]).toString('base64'), 'not text in UTF-8'],
  ['base64_json(body)', Buffer.from('secret').toString('base64'), 'not JSON'],
  ['gzip_base64_json(body)', base64, 'not gzip'],
  ['gzip_base64_json(body)', gzip.slice(0, 40), 'not gzip'],
  [
    'gzip_base64_json(body)',
    gzipSync(Buffer.alloc(17 * 1024 * 1024)).toString('base64'),
    'more than 16777216 bytes when unpacked',
  ],
])('%s refuses what it cannot read, and repeats nothing of it', (expression, body, reason) => {
  let error: unknown;
  try {
    jmespath(expression)({ body });
  } catch (thrown) {
    error = thrown;
  }
  if (!isIdempotencyError(error, 'KEY_UNSUPPORTED')) throw error;
  expect(error.path).toBe(expression);
  expect(error.message).toContain(`KEY_UNSUPPORTED at ${expression}: it finds `);
  expect(error.message).toContain(reason);
  expect(error.message).not.toContain('secret');
  expect(error.cause).toBeUndefined();
});

test.each([5, true, { a: 1 }, [1], 1n])('json() refuses %s, which is no text', (body) => {
  expect(() => jmespath('json(body)')({ body })).toThrow('KEY_UNSUPPORTED at json(body)');
});
