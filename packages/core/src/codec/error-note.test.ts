import { expect, test } from 'vitest';
import { errorNote } from './index.ts';

class ApiError {
  message = 'it failed';
}

test.for<[string, unknown, { name: string; message: string }]>([
  ['an Error', new TypeError('bad'), { name: 'TypeError', message: 'bad' }],
  [
    'an Error that was renamed',
    Object.assign(new Error('x'), { name: 'Declined' }),
    { name: 'Declined', message: 'x' },
  ],
  ['an Error of a foreign make', new ApiError(), { name: 'ApiError', message: 'it failed' }],
  [
    'a plain object',
    { name: 'Conflict', message: 'taken' },
    { name: 'Conflict', message: 'taken' },
  ],
  ['an object that says nothing', { secret: 1 }, { name: 'Object', message: '' }],
  ['an object without a prototype', Object.create(null), { name: 'Object', message: '' }],
  ['names that are no text', { name: 1, message: {} }, { name: 'Object', message: '' }],
  ['a string', 'boom', { name: 'string', message: 'boom' }],
  ['undefined', undefined, { name: 'undefined', message: 'undefined' }],
  ['null', null, { name: 'null', message: 'null' }],
  ['a symbol', Symbol('x'), { name: 'symbol', message: 'Symbol(x)' }],
  ['a function', () => 'secret', { name: 'function', message: 'a function was thrown' }],
  ['NUL, which Postgres cannot store', new Error('a\0b'), { name: 'Error', message: 'a\ufffdb' }],
  ['a lone surrogate', new Error('a\ud800'), { name: 'Error', message: 'a\ufffd' }],
])('%s has a name and a message', ([, thrown, note]) => {
  expect(errorNote(thrown)).toStrictEqual(note);
});

test('name and message are clipped to 100 and 500 bytes, never within a character', () => {
  for (const unit of ['x', 'ä', '漢', '👍', '\ud800']) {
    const error = Object.assign(new Error(unit.repeat(1e6)), { name: unit.repeat(1e6) });
    const { name, message } = errorNote(error);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(100);
    expect(Buffer.byteLength(name)).toBeGreaterThan(90);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(500);
    expect(Buffer.byteLength(message)).toBeGreaterThan(490);
    expect(message.isWellFormed() && message.endsWith('…')).toBe(true);
  }
  expect(errorNote(new Error('x'.repeat(500))).message).toBe('x'.repeat(500));
});

test('it never throws', () => {
  const throws = (): never => {
    throw new Error('no');
  };
  const proxy: unknown = new Proxy(new Error('x'), { get: throws, getPrototypeOf: throws });
  expect(errorNote(proxy)).toEqual({ name: expect.any(String), message: '' });
  expect(
    errorNote({
      get name() {
        return throws();
      },
      get message() {
        return throws();
      },
    }),
  ).toEqual({ name: 'Object', message: '' });
});
