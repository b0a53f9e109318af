import * as library from '@jmespath-community/jmespath';
import { createIdempotency, isIdempotencyError, type KeyValue } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { jmespath } from './index.ts';

const event = {
  id: 'evt_1',
  detail: {
    orderId: 'ord_1',
    'line items': [
      { sku: 'a', quantity: 2 },
      { sku: 'b', quantity: 1 },
    ],
    placedAt: new Date(0),
    total: 12n,
  },
};

describe('an expression finds', () => {
  test.each<[string, unknown]>([
    ['detail.orderId', 'ord_1'],
    ['detail."line items"[0].sku', 'a'],
    ['detail."line items"[*].sku', ['a', 'b']],
    ['detail."line items"[?quantity > `1`].sku | [0]', 'a'],
    ['[id, detail.orderId]', ['evt_1', 'ord_1']],
    ['{order: detail.orderId, lines: length(detail."line items")}', { order: 'ord_1', lines: 2 }],
    ['detail.missing || id', 'evt_1'],
    ["join('-', [id, detail.orderId])", 'evt_1-ord_1'],
    [
      'let $id = id in detail."line items"[*].[$id, sku]',
      [
        ['evt_1', 'a'],
        ['evt_1', 'b'],
      ],
    ],
    ['detail.placedAt', new Date(0)],
    ['detail.total', 12n],
    ['@', event],
  ])('%s', (expression, found) => {
    expect(jmespath(expression)(event)).toEqual(found);
  });

  test('null where nothing is, also where a list has nothing in it', () => {
    for (const expression of [
      'detail.missing',
      'missing[0].id',
      'detail."line items"[*].missing',
      'id.length',
    ]) {
      expect(jmespath(expression)(event)).toBeNull();
    }
    expect(jmespath('@')()).toBeNull();
    expect(jmespath('id')(undefined)).toBeNull();
    expect(jmespath('[id, missing]')(event)).toEqual(['evt_1', null]);
  });
});

describe('it looks into', () => {
  test('the first argument', () => {
    expect(jmespath('id')({ id: 1 }, { id: 2 })).toBe(1);
  });

  test('another one', () => {
    expect(jmespath('id', { argument: 1 })({ id: 1 }, { id: 2 })).toBe(2);
    expect(jmespath('id', { argument: 5 })({ id: 1 })).toBeNull();
  });

  test('all of them', () => {
    expect(jmespath('[0].id', { argument: 'all' })({ id: 1 }, { id: 2 })).toBe(1);
    expect(jmespath('[*].id', { argument: 'all' })({ id: 1 }, { id: 2 })).toEqual([1, 2]);
  });
});

describe('an expression that is wrong is refused when it is given, with its position', () => {
  test.each([
    ['a.', 3, 'it ends too early'],
    ['a.[', 4, 'it ends too early'],
    ['foo bar', 5, 'unexpected token'],
    ['a.b)', 4, 'unexpected token'],
    ['a..b', 3, 'unexpected token'],
    ['a || || b', 6, 'invalid token'],
    ['a.#b', 3, 'unknown character: #'],
    ['`{bad}`', 1, 'invalid format for a JSON literal'],
    ["a == 'b", 6, "' is never closed"],
    ['a."b', 3, '" is never closed'],
    ['a == `1', 6, '` is never closed'],
    ['a.lenght.lenght(@)', 10, 'there is no function lenght()'],
    ['constructor(a)', 1, 'there is no function constructor()'],
    ['[a, join(b)]', 5, 'join() takes 2 arguments and was given 1'],
    ['to_string(a, b)', 1, 'to_string() takes 1 argument and was given 2'],
    ['merge()', 1, 'merge() takes 1 or more arguments and was given 0'],
    ['let $a = b in [$a, $c]', 20, '$c is not defined'],
    ['let $a = $b in $a', 10, '$b is not defined'],
    ['c.[let $a = b in $c]', 18, '$c is not defined'],
    ['&a', 1, "'&' may stand only before an argument"],
    ['a[?sort_by(@, &b)] | [&a]', 23, "'&' may stand only before an argument"],
    ['{"__proto__": a}', 2, '__proto__ cannot name a property'],
    ['a[1:0:0]', 7, 'the step of a slice is 0'],
  ])('%s', (expression, position, reason) => {
    expect(() => jmespath(expression)).toThrow(
      `OPTIONS_INVALID: the JMESPath expression '${expression}' is wrong at position ${position}: `,
    );
    expect(() => jmespath(expression)).toThrow(reason);
  });

  test('so is what is no expression', () => {
    for (const expression of ['', '  ', undefined, 5]) {
      expect(() => jmespath(expression as string)).toThrow('OPTIONS_INVALID: jmespath takes');
    }
    expect(() => jmespath('('.repeat(5_000))).toThrow('give at most 4096');
  });

  test.each([
    { argument: -1 },
    { argument: 1.5 },
    { argument: 'first' },
    { argument: null },
    { arg: 1 },
  ])('so is the option %o', (options) => {
    expect(() => jmespath('a', options as object)).toThrow(/^OPTIONS_INVALID: .*argument/);
  });
});

describe('an input that an expression cannot be applied to', () => {
  test('is refused with the expression as path and the reason as cause', () => {
    const select = jmespath('sum(prices)');
    const error = caught(() => select({ prices: ['a secret'] }));
    expect(error).toMatchObject({ code: 'KEY_UNSUPPORTED', path: 'sum(prices)' });
    expect(error.message).toContain('KEY_UNSUPPORTED at sum(prices): ');
    expect(error.cause).toHaveProperty('message', expect.stringContaining('Invalid type: sum()'));
  });

  test('is refused where it finds a function', () => {
    expect(caught(() => jmespath('toString')({}))).toMatchObject({
      code: 'KEY_UNSUPPORTED',
      path: 'toString',
    });
  });
});

function caught(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (isIdempotencyError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('the functions for bodies are not seen by others who use the library, nor are theirs here', () => {
  jmespath('json(body)')({ body: '1' });
  expect(library.getCustomFunctions()).toEqual([]);
  expect(() => library.search({ body: '1' }, 'json(body)')).toThrow('Unknown function');

  library.registerFunction('theirs', () => 1, []);
  try {
    expect(() => jmespath('theirs()')).toThrow('there is no function theirs()');
  } finally {
    library.unregisterFunction('theirs');
  }
});

describe('with a wrapped function', () => {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });

  test('it is the key, the fingerprint and the input', async () => {
    let calls = 0;
    const handle = idempotency.wrap(
      async (message: { body: string }) => {
        calls += 1;
        return message.body.length;
      },
      {
        operation: 'handle',
        key: jmespath('json(body).[tenant, order.id]'),
        fingerprint: jmespath('json(body).order.total'),
        input: jmespath('json(body).order'),
      },
    );
    const body = (total: number, sentAt: number) =>
      JSON.stringify({ tenant: 't', order: { id: 'o', total }, sentAt });

    const first = await handle.execute({ body: body(5, 1) });
    const second = await handle.execute({ body: body(5, 2) });
    expect([first.outcome, second.outcome, calls]).toEqual(['executed', 'replayed', 1]);
    await expect(handle({ body: body(6, 3) })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    });

    const record = await idempotency.records.get(await handle.idOf({ body: body(5, 1) }));
    expect(record).toMatchObject({ keyPreview: '["t","o"]', inputPreview: '{"id":"o","total":5}' });
  });

  test('a path that leads nowhere is a missing key', async () => {
    const handle = idempotency.wrap(async (_event: object) => 1, {
      operation: 'missing',
      key: jmespath('[id, detail.orderId]'),
    });
    await expect(handle({ id: 1 })).rejects.toMatchObject({ code: 'KEY_MISSING', path: '[1]' });

    const whole = idempotency.wrap(async (_event: object) => 1, {
      operation: 'missing',
      key: jmespath('Records[*].messageId'),
    });
    await expect(whole({ Records: [{}] })).rejects.toMatchObject({ code: 'KEY_MISSING', path: '' });
  });

  test('a body that is not JSON is refused before anything runs', async () => {
    let calls = 0;
    const handle = idempotency.wrap(async (_message: { body: string }) => (calls += 1), {
      operation: 'bad-body',
      key: jmespath('json(body).id'),
    });
    await expect(handle({ body: 'hello' })).rejects.toMatchObject({
      code: 'KEY_UNSUPPORTED',
      path: 'json(body).id',
    });
    expect(calls).toBe(0);
  });
});

test('a selector gives what a key may be, and takes any arguments', () => {
  expectTypeOf(jmespath('id')).toExtend<(payment: { id: string }, note: string) => KeyValue>();
  expectTypeOf(jmespath('id')).returns.toEqualTypeOf<
    string | number | bigint | boolean | object | null
  >();
});
