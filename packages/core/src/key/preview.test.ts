import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previewOf } from './preview.ts';

test('text stands as it is', () => {
  expect(previewOf('pay_1')).toBe('pay_1');
  expect(previewOf('say "hi" \\ Grüße 😀 👩‍👧')).toBe('say "hi" \\ Grüße 😀 👩‍👧');
  expect(previewOf('')).toBe('');
});

class Money {
  readonly amount = 5;
}

describe('anything else is text much like JSON', () => {
  test.each<[unknown, string]>([
    [5, '5'],
    [-0, '0'],
    [Number.NaN, 'NaN'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [12n, '12n'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), '<invalid Date>'],
    [new Uint8Array(3), '<3 bytes>'],
    [['a', 1, [], {}], '["a",1,[],{}]'],
    [{ b: 1, a: { c: undefined } }, '{"b":1,"a":{"c":undefined}}'],
    [
      new Map<unknown, unknown>([
        ['a', 1],
        [2n, new Map()],
      ]),
      'Map{"a":1,2n:Map{}}',
    ],
    [new Set(['a', new Set()]), 'Set["a",Set[]]'],
    [() => 1, '<function>'],
    [Symbol('s'), '<symbol>'],
    [new Money(), '<Money>'],
    [Object.create({}), '<object>'],
    [[new Promise(() => {})], '[<Promise>]'],
  ])('%o', (value, text) => {
    expect(previewOf(value)).toBe(text);
  });

  test('a part that cannot be read does not hide the rest', () => {
    const value = {
      id: 1,
      get total(): never {
        throw new Error('from the value');
      },
      list: new Proxy([], {
        get: () => {
          throw new Error('from the value');
        },
      }),
      last: 2,
    };
    expect(previewOf(value)).toBe('{"id":1,"total":<unreadable>,"list":<unreadable>,"last":2}');
  });
});

describe('one line, in which a payload cannot pass for something else', () => {
  test.each([
    ['line breaks', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['terminal escapes', '\u001b[2Ka\u009b', '\\u001b[2Ka\\u009b'],
    ['NUL and DEL', '\0\u007f', '\\u0000\\u007f'],
    ['separators of lines and paragraphs', '\u2028\u2029', '\\u2028\\u2029'],
    ['marks that turn the direction', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
    ['lone surrogates', 'a\ud800b', 'a\\ud800b'],
  ])('%s', (_, value, text) => {
    expect(previewOf(value)).toBe(text);
    expect(previewOf([value])).toBe(`["${text}"]`);
    expect(previewOf({ [value]: 1 })).toBe(`{"${text}":1}`);
  });
});

describe('never more bytes than allowed', () => {
  test('cut between characters, with an ellipsis', () => {
    expect(previewOf('a'.repeat(256))).toBe('a'.repeat(256));
    expect(previewOf('a'.repeat(257))).toBe(`${'a'.repeat(253)}…`);
    expect(previewOf('😀😀', 8)).toBe('😀😀');
    expect(previewOf('😀😀😀', 8)).toBe('😀…');
    expect(previewOf('ééé', 5)).toBe('é…');
    expect(previewOf(['abc', 'def'], 8)).toBe('["abc…');
  });

  test('whatever the value and the limit', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.oneof(text, fc.anything({ withDate: true, withMap: true })),
        fc.nat(60),
        (value, limit) => {
          const whole = previewOf(value, 1_000_000);
          const cut = previewOf(value, limit);
          expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
          expect(cut).not.toMatch(/\p{Cc}|\p{Cs}/u);
          if (Buffer.byteLength(whole) <= limit) expect(cut).toBe(whole);
          else expect(whole.startsWith(cut.replace(/…$/, ''))).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('a large, deep or endless value is read no further than it shows', () => {
    expect(previewOf('x'.repeat(50_000_000))).toHaveLength(254);
    let reads = 0;
    const proxy = new Proxy(new Array(1_000_000).fill(1), {
      get: (target, name) => {
        reads += 1;
        return Reflect.get(target, name);
      },
    });
    expect(previewOf(proxy)).toMatch(/^\[1,1,.*…$/);
    expect(reads).toBeLessThan(1_000);

    const cycle: unknown[] = [];
    cycle.push(cycle, cycle);
    expect(previewOf(cycle, 50)).toBe(`${'['.repeat(47)}…`);
    expect(Buffer.byteLength(previewOf(cycle, 10_000))).toBeLessThanOrEqual(10_000);
  });
});
