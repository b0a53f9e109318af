import { createReadStream } from 'node:fs';
import { Socket } from 'node:net';
import * as types from 'node:util/types';
import { expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import { encodeValue } from './index.ts';

function refusalOf(value: unknown): { message: string; path: string | undefined; cause: unknown } {
  try {
    encodeValue(value);
  } catch (error) {
    if (!isIdempotencyError(error, 'RESULT_UNSERIALIZABLE')) throw error;
    return { message: error.message, path: error.path, cause: error.cause };
  }
  throw new Error('it was recorded');
}

class Order {
  id = 1;
}
class Named extends Map {}
class Bytes extends Uint8Array {}
const cycle: Record<string, unknown> = { a: { list: [] } };
(cycle.a as { list: unknown[] }).list.push(1, cycle);
const selfMap = new Map<unknown, unknown>();
selfMap.set('x', { back: selfMap });

function throws(): never {
  throw new Error('no value today');
}

test.for<[string, unknown, string, string]>([
  ['a function', { f: () => 1 }, 'f', 'function; return plain data'],
  ['a class', { order: Order }, 'order', 'function; return plain data'],
  ['a symbol', [Symbol('x')], '[0]', 'symbol; return a string instead'],
  [
    'a class instance',
    { orders: [new Order()] },
    'orders[0]',
    'Order is a class instance; return the plain data of it that a replay needs',
  ],
  [
    'an instance of a class that extends a built-in',
    { a: new Named() },
    'a',
    'Named is a class instance',
  ],
  [
    'an instance of a class that extends a typed array',
    { a: new Bytes(1) },
    'a',
    'Bytes is a class instance',
  ],
  [
    'an object made from another',
    { a: Object.create({ b: 1 }) },
    'a',
    'Object is a class instance',
  ],
  [
    'an object that only claims to be a date',
    { a: Object.create(Date.prototype) },
    'a',
    'Date is a class instance',
  ],
  [
    'a map with a prototype of its own',
    { a: Object.setPrototypeOf(new Map(), { extra: 1 }) },
    'a',
    'is a class instance',
  ],
  [
    'an array with a prototype of its own',
    { a: Object.setPrototypeOf([1], []) },
    'a',
    'Array is a class instance',
  ],
  [
    'an Error',
    { e: new TypeError('x') },
    'e',
    "TypeError is an Error; throw it with failure: 'record', or return its name and message",
  ],
  [
    'a URL',
    { link: new URL('http://localhost') },
    'link',
    'URL is a class instance; return what its toJSON() gives',
  ],
  ['a regular expression', [/x/], '[0]', 'RegExp is a class instance'],
  [
    'a boxed primitive',
    [Object('x')],
    '[0]',
    'String is a boxed primitive; return the primitive itself',
  ],
  ['a promise', { later: Promise.resolve(1) }, 'later', 'Promise is a promise; await it first'],
  ['a WeakMap', { a: new WeakMap() }, 'a', 'WeakMap is a class instance'],
  ['shared memory', { a: new SharedArrayBuffer(8) }, 'a', 'SharedArrayBuffer is a class instance'],
  [
    'a web stream',
    { body: new ReadableStream() },
    'body',
    'ReadableStream is a stream; read it to its end',
  ],
  [
    'a generator',
    {
      a: (function* () {
        yield 1;
      })(),
    },
    'a',
    'class instance',
  ],
  [
    'arguments',
    {
      a: (function (..._: unknown[]) {
        // biome-ignore lint/complexity/noArguments: it is what is tested
        return arguments;
      })(1),
    },
    'a',
    'an arguments object; return an array of them',
  ],
  [
    'a visible symbol key',
    { a: { [Symbol('s')]: 1 } },
    'a[Symbol(s)]',
    'a property named by a symbol; name it by a string',
  ],
  [
    'a property added to a date',
    { at: Object.assign(new Date(), { zone: 'UTC' }) },
    'at.zone',
    'a property added to a built-in',
  ],
  [
    'a key of a map',
    {
      m: new Map<unknown, unknown>([
        ['k', 1],
        [new Order(), 2],
      ]),
    },
    'm.entries[1][0]',
    'Order is a class instance',
  ],
  [
    'a value of a map',
    { m: new Map([['k', new Order()]]) },
    'm.entries[0][1]',
    'Order is a class instance',
  ],
  ['an element of a set', new Set([1, new Order()]), 'values[1]', 'Order is a class instance'],
  [
    'a property with an unusual name',
    { 'a b': { '0x': new Order() } },
    '["a b"]["0x"]',
    'Order is a class instance',
  ],
  [
    'an array with a named property',
    Object.assign([1], { extra: new Order() }),
    'extra',
    'Order is a class instance',
  ],
  [
    'a getter that throws',
    {
      a: {
        get b() {
          return throws();
        },
      },
    },
    'a.b',
    'reading it throws; return plain data',
  ],
  [
    'a proxy that throws',
    { a: new Proxy({}, { ownKeys: throws }) },
    'a',
    'reading it throws; return plain data',
  ],
  ['a revoked proxy', { a: revoked() }, 'a', 'reading it throws; return plain data'],
  [
    'a cycle',
    cycle,
    'a.list[1]',
    'it refers back to an object that contains it; return data without cycles',
  ],
  [
    'a cycle through a map',
    { start: selfMap },
    'start.entries[0][1].back',
    'it refers back to an object that contains it',
  ],
])('%s is refused at its path', ([, value, path, message]) => {
  const refusal = refusalOf(value);
  expect(refusal.path).toBe(path);
  expect(refusal.message).toContain(`RESULT_UNSERIALIZABLE at ${path}: `);
  expect(refusal.message).toContain(message);
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test('a result that is itself at fault has the empty path', () => {
  const { message, path } = refusalOf(new Order());
  expect(path).toBe('');
  expect(message).toBe(
    'RESULT_UNSERIALIZABLE: the result cannot be recorded: Order is a class instance; return the plain data of it that a replay needs',
  );
});

test('sockets and streams are refused by name', async () => {
  const socket = new Socket();
  const stream = createReadStream(import.meta.filename);
  expect(refusalOf({ items: [{ socket }] }).message).toBe(
    'RESULT_UNSERIALIZABLE at items[0].socket: Socket is a stream; read it to its end and return the content',
  );
  expect(refusalOf({ file: stream }).message).toContain(' at file: ReadStream is a stream');
  socket.destroy();
  stream.destroy();
});

test('what a getter threw is the cause', () => {
  const fault = new Error('closed');
  const value = {
    get rows(): never {
      throw fault;
    },
  };
  expect(refusalOf(value).cause).toBe(fault);
});

test('too deep a value is refused with a path that is cut off', () => {
  let value: unknown = 1;
  for (let level = 0; level < 257; level++) value = { levelOfNesting: value };
  const { message, path } = refusalOf(value);
  expect(message).toContain('nested deeper than 256 levels; return flatter data');
  expect(path).toMatch(/^levelOfNesting\.levelOfNesting.*…$/);
  expect(path!.length).toBeLessThanOrEqual(400);
});

test('a value that would unfold without end is refused, not written', () => {
  let value: unknown[] = ['x'.repeat(1_000)];
  for (let level = 0; level < 40; level++) value = [value, value];
  expect(refusalOf(value).message).toContain('too large to be recorded; return less of it');
});

test('a value that changes while it is read is refused, not written as something unreadable', () => {
  let reads = 0;
  const value = {
    get once(): unknown {
      reads += 1;
      return reads === 1 ? 1 : new Date(0);
    },
  };
  expect(refusalOf(value).message).toContain('return plain data');
});

test('refusing never throws anything else, whatever the value does', () => {
  const traps = ['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'] as const;
  for (const trap of traps) {
    const proxy: unknown = new Proxy(new Order(), { [trap]: throws });
    expect(types.isProxy(proxy)).toBe(true);
    expect(refusalOf({ proxy }).path).toBe('proxy');
  }
});
