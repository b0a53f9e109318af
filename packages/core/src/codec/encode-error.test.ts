import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { IdempotencyError, isIdempotencyError } from '../errors.ts';
import { decodeOutcome, encodeError } from './index.ts';

function recorded(thrown: unknown): unknown {
  const { bytes } = encodeError(thrown);
  expect(bytes.length).toBeLessThanOrEqual(64 * 1024);
  const outcome = decodeOutcome(bytes, 'id');
  if (outcome.kind !== 'error') throw new Error(`an error came back as ${outcome.kind}`);
  return outcome.error;
}

class PaymentError extends Error {
  override name = 'PaymentError';
  readonly code = 'CARD_DECLINED';
  readonly attempts = [{ at: new Date(5), amount: 10n }];
}
class QuietError extends RangeError {}

describe('a recorded error comes back', () => {
  test.for([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    'as itself if it is built in: %o',
    (Class) => {
      const error = new Class('it failed');
      const back = recorded(error);
      expect(back).toBeInstanceOf(Class);
      expect(Object.getPrototypeOf(back)).toBe(Class.prototype);
      assert.deepStrictEqual(back, error);
    },
  );

  test('without an own message if it had none', () => {
    assert.deepStrictEqual(recorded(new Error()), new Error());
    expect(Object.hasOwn(recorded(new Error()) as Error, 'message')).toBe(false);
    expect(Object.hasOwn(recorded(new Error('')) as Error, 'message')).toBe(true);
  });

  test('with name, message, code and properties if its class is not built in', () => {
    const error = new PaymentError('declined');
    const back = recorded(error) as PaymentError;
    expect(back).toBeInstanceOf(Error);
    expect(back).not.toBeInstanceOf(PaymentError);
    expect({ ...back }).toStrictEqual({ ...error });
    expect(back.message).toBe('declined');
    expect(String(back)).toBe('PaymentError: declined');
  });

  test('as the built-in class that its own class extends', () => {
    expect(recorded(new QuietError('x'))).toBeInstanceOf(RangeError);
  });

  test('with the stack of the replay and not the one of the failure', () => {
    const error = new PaymentError('declined');
    error.stack = 'PaymentError: declined\n    at secretPlace (/secret.ts:1:1)';
    const { stack } = recorded(error) as Error;
    expect(stack).not.toContain('secretPlace');
    expect(stack).toContain('PaymentError: declined');
    expect(stack).toContain('encode-error.test.ts');
    expect(stack).not.toContain('revive-error.ts');
    const { cause } = recorded(new Error('x', { cause: error })) as { cause: Error };
    expect(cause.stack).toBe('PaymentError: declined');
  });

  test('with its causes, errors or not', () => {
    const root = Object.assign(new TypeError('root'), { code: 'E_ROOT' });
    const error = new Error('top', { cause: new RangeError('middle', { cause: root }) });
    const back = recorded(error) as Error;
    assert.deepStrictEqual(back, error);
    expect((back.cause as Error).cause).toMatchObject({ code: 'E_ROOT' });
    expect(Object.keys(back)).toEqual([]);
    for (const cause of ['text', undefined, { a: 1n }]) {
      assert.deepStrictEqual(recorded(new Error('x', { cause })), new Error('x', { cause }));
    }
  });

  test('with the errors of an AggregateError', () => {
    const error = new AggregateError(
      [new TypeError('a'), 'b', new Error('c', { cause: 1 })],
      'all',
    );
    const back = recorded(error) as AggregateError;
    expect(back).toBeInstanceOf(AggregateError);
    expect(back.errors[0]).toBeInstanceOf(TypeError);
    assert.deepStrictEqual(back, error);
  });

  test('with errors among its properties', () => {
    const error = Object.assign(new Error('x'), { inner: new TypeError('y') });
    assert.deepStrictEqual(recorded(error), error);
  });

  test('as an Error with its name and code if it is a DOMException', () => {
    const back = recorded(new DOMException('stopped', 'AbortError')) as Error & { code: number };
    expect(back).toBeInstanceOf(Error);
    expect([back.name, back.message, back.code]).toEqual(['AbortError', 'stopped', 20]);
  });

  test('as what Node threw', async () => {
    const error: unknown = await readFile('/does/not/exist').catch((thrown: unknown) => thrown);
    assert.deepStrictEqual(recorded(error), error);
    expect(recorded(error)).toMatchObject({ code: 'ENOENT', syscall: 'open' });
  });

  test('as an IdempotencyError if it is one', () => {
    const error = new IdempotencyError('RESULT_OMITTED', 'gone', { recordId: 'a/b/0/c' });
    const back = recorded(error);
    expect(isIdempotencyError(back, 'RESULT_OMITTED')).toBe(true);
    assert.deepStrictEqual(back, error);
  });

  test('with a __proto__ property as a property', () => {
    const error = new Error('x');
    Object.defineProperty(error, '__proto__', { value: { polluted: 1 }, enumerable: true });
    const back = recorded(error) as Error;
    expect(Object.getPrototypeOf(back)).toBe(Error.prototype);
    expect(Object.keys(back)).toEqual(['__proto__']);
  });
});

test.for<[string, unknown]>([
  ['a string', 'boom'],
  ['undefined', undefined],
  ['null', null],
  ['a number', -0],
  ['a bigint', 10n],
  ['a plain object', { status: 409, at: new Date(1), body: { ok: false } }],
])('%s that was thrown comes back as the same value', ([, thrown]) => {
  assert.deepStrictEqual(recorded(thrown), thrown);
});

describe('what cannot be recorded', () => {
  class Response {
    status = 500;
    message = 'server error';
  }

  test.for<[string, unknown, string, string]>([
    ['a class instance', new Response(), 'Response', 'server error'],
    ['a function', () => 1, 'function', 'a function was thrown'],
    ['a symbol', Symbol('x'), 'symbol', 'Symbol(x)'],
    ['a promise', Promise.resolve(1), 'Promise', ''],
    ['an object with a function', { name: 'Custom', message: 'm', f: () => 1 }, 'Custom', 'm'],
    ['a large value', 'x'.repeat(70_000), 'string', `${'x'.repeat(497)}…`],
  ])('%s becomes an Error with its name and message', ([, thrown, name, message]) => {
    const back = recorded(thrown);
    expect(back).toBeInstanceOf(Error);
    expect(back).toMatchObject({ name, message });
  });

  test('is left out of the properties of an error', () => {
    const error = Object.assign(new Error('x'), {
      socket: new (class Socket {})(),
      retry: () => 1,
      response: { headers: new (class Headers {})() },
      status: 500,
    });
    Object.defineProperty(error, 'lazy', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect({ ...(recorded(error) as Error) }).toEqual({ status: 500 });
  });

  test('is left out where errors refer back to themselves or go on for long', () => {
    const error = new Error('self');
    error.cause = error;
    expect(Object.hasOwn(recorded(error) as Error, 'cause')).toBe(false);
    let chain = new Error('0');
    for (let level = 1; level < 30; level++) chain = new Error(String(level), { cause: chain });
    let length = 0;
    for (let at: unknown = recorded(chain); at instanceof Error; at = at.cause) length += 1;
    expect(length).toBe(9);
  });
});

describe('a giant error', () => {
  test('is clipped, and keeps what tells errors apart', () => {
    const cause = Object.assign(new Error('y'.repeat(1e6)), {
      dump: 'z'.repeat(1e6),
      code: 'E_INNER',
    });
    const error = Object.assign(new TypeError(`漢${'x'.repeat(1e6)}`, { cause }), {
      code: 'E_OUTER',
      huge: Array.from({ length: 1e5 }, (_, index) => index + 0.5),
      small: 1,
    });
    const back = recorded(error) as typeof error & { cause: { code: string } };
    expect(back).toBeInstanceOf(TypeError);
    expect(back.message).toMatch(/^漢x{1000}.*…$/);
    expect({ ...back }).toEqual({ code: 'E_OUTER', small: 1 });
    expect(back.cause.code).toBe('E_INNER');
  });

  test.for<[string, () => unknown]>([
    [
      'of many properties',
      () =>
        Object.assign(
          new Error('x'),
          Object.fromEntries(Array.from({ length: 2e4 }, (_, i) => [`key${i}`, i / 3])),
        ),
    ],
    [
      'of many errors',
      () =>
        new AggregateError(
          Array.from({ length: 5_000 }, (_, i) => new Error(`e${i}`.repeat(9))),
          'all',
        ),
    ],
    [
      'of long keys',
      () => Object.assign(new Error('x'), { ['k'.repeat(1e5)]: 1, ['\ud800'.repeat(200)]: 2 }),
    ],
    [
      'of control characters',
      () =>
        Object.assign(new Error('\ud800\u0001'.repeat(1e5)), { name: '\ud800\u0001'.repeat(1e5) }),
    ],
    [
      'of bytes',
      () => Object.assign(new Error('x'), { a: Buffer.alloc(40_000), b: Buffer.alloc(40_000) }),
    ],
    ['of nested errors', () => nested(8)],
  ])('%s stays below 64 KiB', ([, make]) => {
    expect(recorded(make())).toBeInstanceOf(Error);
  });

  test('keeps as many properties and errors as fit', () => {
    const entries = Array.from({ length: 2e4 }, (_, index) => [`key${index}`, index / 3]);
    const error = Object.assign(new RangeError('x'), Object.fromEntries(entries));
    const back = recorded(error) as Error;
    expect(back).toBeInstanceOf(RangeError);
    expect(Object.keys(back).length).toBeGreaterThan(1_000);
    const errors = Array.from({ length: 5_000 }, (_, index) => new TypeError(`e${index}`));
    const coded = Object.assign(new AggregateError(errors), { code: 'E_MANY' });
    expect(recorded(coded)).toMatchObject({ code: 'E_MANY' });
    expect((recorded(new AggregateError(errors)) as AggregateError).errors.length).toBeGreaterThan(
      500,
    );
  });

  function nested(depth: number): Error {
    if (depth === 0) return new Error('leaf'.repeat(100));
    return new AggregateError(
      [nested(depth - 1), nested(depth - 1), nested(depth - 1)],
      'x'.repeat(100),
    );
  }
});

test('an error whose name is no text is recorded without that name', () => {
  const error = Object.assign(new Error('x'), { name: Object.create(null), code: 1 });
  const back = recorded(new Error('y', { cause: error })) as { cause: Error };
  expect({ ...back.cause }).toEqual({ code: 1 });
  expect(back.cause.stack).toBe('Error: x');
});

test('an error that throws when it is looked at is recorded all the same', () => {
  const hostile = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('no');
    },
    getPrototypeOf: () => {
      throw new Error('no');
    },
    ownKeys: () => {
      throw new Error('no');
    },
  });
  expect(recorded(hostile)).toBeInstanceOf(Error);
  const getters = new Error('x');
  for (const field of ['name', 'message', 'cause', 'code']) {
    Object.defineProperty(getters, field, {
      get: () => {
        throw new Error('no');
      },
    });
  }
  expect(recorded(getters)).toBeInstanceOf(Error);
});
