import { expect, test } from 'vitest';
import { plainValue } from './plain-value.ts';

test('values that JSON has no form for come as what resembles them', () => {
  const value = {
    big: 12n,
    at: new Date(0),
    never: new Date(Number.NaN),
    tags: new Set(['a', 1n]),
    prices: new Map([['a', new Date(0)]]),
    bytes: Buffer.from('hi'),
    view: new Uint16Array([1]),
    buffer: new ArrayBuffer(1),
    nothing: undefined,
    list: [undefined, Number.NaN],
  };
  expect(JSON.parse(JSON.stringify(plainValue(value)))).toEqual({
    big: '12',
    at: '1970-01-01T00:00:00.000Z',
    never: null,
    tags: ['a', '1'],
    prices: [['a', '1970-01-01T00:00:00.000Z']],
    bytes: 'aGk=',
    view: 'AQA=',
    buffer: 'AA==',
    nothing: null,
    list: [null, null],
  });
});

test('a property called __proto__ is a property', () => {
  const value = JSON.parse('{"__proto__":{"a":1}}');
  expect(JSON.stringify(plainValue(value))).toBe('{"__proto__":{"a":1}}');
});
