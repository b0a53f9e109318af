import { expect, test } from 'vitest';
import { missingPart } from './missing-part.ts';

test.each([
  ['text', 'a'],
  ['text with space in it', ' a '],
  ['zero', 0],
  ['bytes', new Uint8Array(1)],
  ['false', false],
  ['nested values', { a: [1, new Map([['k', new Set(['v'])]])], b: new Date(0) }],
  ['a class instance, which encoding refuses', new URL('https://example.com')],
  ['NaN, which encoding refuses', [Number.NaN]],
])('nothing is missing in %s', (_, key) => {
  expect(missingPart(key)).toBeUndefined();
});

test.each([
  ['the key itself', undefined, ''],
  ['the key itself, as null', null, ''],
  ['empty text', '', ''],
  ['blank text', ' \t\u00a0', ''],
  ['an empty list', [], ''],
  ['an empty object', {}, ''],
  ['an empty Map', new Map(), ''],
  ['an empty Set', new Set(), ''],
  ['no bytes', new Uint8Array(), ''],
  ['an empty Buffer', Buffer.alloc(0), ''],
  ['blank text in a list', ['acme', ''], '[1]'],
  ['an empty list in an object', { acme: { ids: [] } }, 'acme.ids'],
  ['an empty object in a Map', new Map([['acme', {}]]), 'entries[0][1]'],
  ['blank text in a Set', new Set([' ']), 'values[0]'],
  ['no bytes in a list', ['acme', new Uint8Array()], '[1]'],
  ['an element', ['a', undefined], '[1]'],
  ['a hole', new Array(3), '[0]'],
  ['a property', { order: { items: [{ id: 1 }, { id: null }] } }, 'order.items[1].id'],
  ['a property whose name is no identifier', { 'a b': null }, '["a b"]'],
  ['a property without a prototype', Object.assign(Object.create(null), { a: null }), 'a'],
  [
    'a key of a Map',
    {
      m: new Map([
        ['a', 1],
        [null, 2],
      ] as [unknown, unknown][]),
    },
    'm.entries[1][0]',
  ],
  ['a value of a Map', new Map([['a', { b: undefined }]]), 'entries[0][1].b'],
  ['a member of a Set', [new Set([1, null])], '[0].values[1]'],
  ['the first of several', { z: null, a: null }, 'z'],
])('%s', (_, key, path) => {
  expect(missingPart(key)).toBe(path);
});

test('a key that cannot be looked through is left to encoding', () => {
  const cycle: Record<string, unknown> = {};
  cycle.a = cycle;
  cycle.b = cycle;
  expect(missingPart(cycle)).toBeUndefined();

  let shared: unknown = 'x';
  for (let level = 0; level < 100; level += 1) shared = [shared, shared];
  expect(missingPart(shared)).toBeUndefined();

  const failing = {
    get a(): never {
      throw new Error('from the value');
    },
    b: null,
  };
  expect(missingPart(failing)).toBeUndefined();
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(missingPart([proxy])).toBeUndefined();
});
