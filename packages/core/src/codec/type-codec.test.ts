import { describe, expect, test, vi } from 'vitest';
import { decodeOutcome, encodeError, encodeUnlessTooLarge, encodeValue } from './index.ts';
import { type TypeCodec, typesOf } from './type-codec.ts';

class Money {
  readonly cents: bigint;
  constructor(cents: bigint) {
    this.cents = cents;
  }
}
class Declined extends Error {
  readonly amount: unknown;
  constructor(amount: unknown, options?: ErrorOptions) {
    super('declined', options);
    this.amount = amount;
  }
}
const money: TypeCodec<Money> = {
  name: 'Money',
  is: (value) => value instanceof Money,
  encode: ({ cents }) => cents,
  decode: (cents) => new Money(cents as bigint),
};
const declined: TypeCodec<Declined> = {
  name: 'Declined',
  is: (value) => value instanceof Declined,
  encode: ({ amount, cause }) => ({ amount, cause }),
  decode: (data) => {
    const { amount, cause } = data as Declined;
    return new Declined(amount, { cause });
  },
};
const id = 'test/op/0/id';
const types = typesOf([money, declined])!;

function replayed(bytes: Uint8Array, known = types): unknown {
  const outcome = decodeOutcome(bytes, id, known);
  return outcome.kind === 'value' ? outcome.value : (outcome as { error: unknown }).error;
}

describe('an instance of a registered class', () => {
  test('comes back as what it was, wherever it stands', () => {
    const shared = new Money(7n);
    const value = {
      total: new Money(12n),
      list: [shared, shared],
      map: new Map([[new Money(1n), { deep: new Money(2n) }]]),
      set: new Set([new Money(3n)]),
      '\0odd': new Money(4n),
      bare: Object.assign(Object.create(null), { m: new Money(5n) }),
    };
    expect(replayed(encodeValue(value, types))).toStrictEqual(value);
    expect(replayed(encodeValue(new Money(9n), types))).toStrictEqual(new Money(9n));
  });

  test('has the name of its type in the bytes, which no plain data can pretend', () => {
    const bytes = Buffer.from(encodeValue(new Money(9n), types)).toString('latin1');
    expect(bytes).toContain('Money');
    const pretending = { '\0t': ['Money', 1n] };
    expect(replayed(encodeValue(pretending, types))).toStrictEqual(pretending);
  });

  test('is refused without a codec, as before, and plain data needs none', () => {
    const asked = vi.fn(() => false);
    const known = typesOf([{ ...money, is: asked }])!;
    expect(() => encodeValue({ m: new Money(1n) })).toThrow('RESULT_UNSERIALIZABLE at m: Money');
    expect(() => encodeValue({ m: new Money(1n) }, known)).toThrow('RESULT_UNSERIALIZABLE at m');
    expect(asked).toHaveBeenCalledTimes(1);
    encodeValue({ a: [1, 'x', null], b: { c: 2n } }, known);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test('may be too large, as everything', () => {
    const huge = { ...money, encode: () => new Uint8Array(65 * 1024 * 1024) };
    expect(encodeUnlessTooLarge(new Money(1n), typesOf([huge]))).toBeUndefined();
  });

  test('is taken by the first codec that says yes', () => {
    const any = { ...money, name: 'Any', is: () => true };
    const bytes = encodeValue(new Money(1n), typesOf([money, any]));
    expect(Buffer.from(bytes).toString('latin1')).toContain('Money');
  });
});

describe('a recorded error', () => {
  test('of a registered class comes back as itself, with what it holds', () => {
    const error = new Declined(new Money(3n), { cause: new Declined(1, { cause: 'x' }) });
    const revived = replayed(encodeError(error, types).bytes) as Declined;
    expect(revived).toBeInstanceOf(Declined);
    expect(revived.amount).toStrictEqual(new Money(3n));
    expect(revived.cause).toBeInstanceOf(Declined);
    expect((revived.cause as Declined).cause).toBe('x');
  });

  test('of another class keeps registered ones as its cause, errors and properties', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Declined(1) }), {
      total: new Money(2n),
    });
    const revived = replayed(encodeError(error, types).bytes) as Error & { total: Money };
    expect(revived).toBeInstanceOf(TypeError);
    expect(revived.cause).toBeInstanceOf(Declined);
    expect(revived.total).toStrictEqual(new Money(2n));
    const several = new AggregateError([new Declined(1), new Error('plain')]);
    const { errors } = replayed(encodeError(several, types).bytes) as AggregateError;
    expect(errors[0]).toBeInstanceOf(Declined);
    expect(errors[1]).toMatchObject({ name: 'Error', message: 'plain' });
  });

  test('is recorded as any other if its codec fails', () => {
    const failing = typesOf([{ ...declined, encode: () => fail() }])!;
    for (const error of [new Declined(1), new Error('x', { cause: new Declined(1) })]) {
      const revived = replayed(encodeError(error, failing).bytes, failing) as Error;
      const part = error instanceof Declined ? revived : (revived.cause as Error);
      expect(part).toMatchObject({ message: 'declined', amount: 1 });
    }
  });
});

function fail(): never {
  throw new Error('secret of the value');
}

describe('a codec that fails', () => {
  const value = { order: { items: [1, new Money(2n)] } };

  test.each<[string, Partial<TypeCodec>, string]>([
    ['is throws', { is: fail }, 'threw in is'],
    ['encode throws', { encode: fail }, 'threw in encode'],
    ['encode answers the instance', { encode: (it: Money) => it }, 'encoded it as itself'],
    ['encode answers a promise', { encode: async () => 1 }, 'encoded it as a promise'],
    ['encode rejects', { encode: async () => fail() }, 'encoded it as a promise'],
  ])('is a clear error with the path: %s', (_, own, what) => {
    const message = `RESULT_UNSERIALIZABLE at order.items[1]: the codec of type "Money" ${what}`;
    let error: unknown;
    try {
      encodeValue(value, typesOf([{ ...money, ...own }]));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ path: 'order.items[1]' });
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain('secret');
  });

  test('names the part of what it encoded that cannot be recorded', () => {
    const known = typesOf([{ ...money, encode: () => ({ raw: () => 1 }) }]);
    expect(() => encodeValue(value, known)).toThrow('at order.items[1].raw: function');
  });

  test('ends when each instance is encoded as another', () => {
    const known = typesOf([{ ...money, encode: ({ cents }: Money) => new Money(cents + 1n) }]);
    expect(() => encodeValue(value, known)).toThrow(
      'RESULT_UNSERIALIZABLE at order.items[1]: nest',
    );
  });

  test.each<[string, unknown, string]>([
    ['in a list', value, 'order.items[1]'],
    ['the value itself', new Money(1n), ''],
    [
      'a key of a Map',
      {
        m: new Map<unknown, unknown>([
          ['a', 1],
          [new Money(1n), 2],
        ]),
      },
      'm.entries[1][0]',
    ],
    ['a value of a Map', new Map([['a', new Money(1n)]]), 'entries[0][1]'],
    ['a member of a Set', [new Set([1, new Money(1n)])], '[0].values[1]'],
    ['beside an odd name', { '\0': 1, price: new Money(1n) }, 'price'],
    ['in a bare object', Object.assign(Object.create(null), { a: { b: new Money(1n) } }), 'a.b'],
    // biome-ignore lint/suspicious/noSparseArray: holes are what is tested
    ['behind a hole', [, [new Money(1n)]], '[1][0]'],
  ])('to decode is RECORD_CORRUPT with the path: %s', (_, whole, path) => {
    const bytes = encodeValue(whole, types);
    for (const decode of [fail, async () => 1]) {
      let error: unknown;
      try {
        decodeOutcome(bytes, id, typesOf([{ ...money, decode }]));
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'RECORD_CORRUPT', recordId: id, path });
      expect((error as Error).message).toContain(
        `${path === '' ? '' : `at ${path} `}the codec of type "Money"`,
      );
      expect((error as Error).message).not.toContain('secret');
    }
  });

  test.each<[string, Error, string]>([
    ['a property', Object.assign(new Error('x'), { a: { total: new Money(1n) } }), 'a.total'],
    ['a cause', new Error('x', { cause: [new Money(1n)] }), 'cause[0]'],
    [
      'a property of a cause',
      new Error('x', { cause: Object.assign(new Error('y'), { total: new Money(1n) }) }),
      'cause.total',
    ],
    [
      'one of several',
      new AggregateError([1, Object.assign(new Error(), { m: new Money(1n) })]),
      'errors[1].m',
    ],
  ])('to decode a part of an error says which: %s', (_, thrown, path) => {
    const { bytes } = encodeError(thrown, types);
    const failing = typesOf([{ ...money, decode: fail }]);
    expect(() => decodeOutcome(bytes, id, failing)).toThrow(`at ${path} the codec`);
  });
});

describe('bytes of anybody', () => {
  const bytes = encodeValue({ m: new Money(1n) }, types);

  test('with a type that is not known here are RECORD_CORRUPT with its name', () => {
    const advice = 'type "Money", which is not known here; give its codec as option types';
    expect(() => decodeOutcome(bytes, id)).toThrow(advice);
    expect(() => decodeOutcome(bytes, id, typesOf([declined]))).toThrow(advice);
    expect(() => decodeOutcome(encodeError(new Declined(1), types).bytes, id)).toThrow(
      '"Declined"',
    );
  });

  test('never reach a codec that was not asked for', () => {
    const decode = vi.fn();
    const known = typesOf([{ ...money, decode }])!;
    for (const name of ['money', 'Money ', '__proto__', 'constructor', 'toString']) {
      const hostile = encodeValue(new Money(1n), typesOf([{ ...money, name }]));
      expect(() => decodeOutcome(hostile, id, known)).toThrow('not known here');
    }
    expect(decode).not.toHaveBeenCalled();
  });

  test.each<[string, unknown]>([
    ['no list', 'Money'],
    ['no name', [1, 1]],
    ['nothing to decode', ['Money']],
    ['more than there is', ['Money', 1, 2]],
  ])('in a form that is not written are RECORD_CORRUPT: %s', (_, payload) => {
    const plain = encodeValue({ '!t': payload });
    // The key of a map with one entry, in bytes that say that they hold tags.
    const at = Buffer.from(plain).indexOf('!t');
    const hostile = Uint8Array.from(plain);
    hostile[at] = 0;
    hostile[1]! |= 0x08;
    expect(() => decodeOutcome(hostile, id, types)).toThrow(
      'in a form that Twiceproof does not write',
    );
  });
});

describe('the option types', () => {
  test.each<[unknown, string]>([
    [{}, 'types is an object'],
    ['Money', 'types'],
    [[null], 'types[0] is null'],
    [[{ ...money, name: '' }], 'types[0].name'],
    [[{ ...money, name: ' ' }], 'types[0].name'],
    [[{ ...money, name: 'x'.repeat(101) }], 'types[0].name'],
    [[{ ...money, name: '\ud800' }], 'types[0].name'],
    [[money, { ...declined, decode: undefined }], 'types[1].decode'],
    [[{ ...money, is: Money }, { ...money }], "two codecs named 'Money'"],
  ])('is refused where it is wrong: %o', (given, named) => {
    expect(() => typesOf(given as never)).toThrow('OPTIONS_INVALID');
    expect(() => typesOf(given as never)).toThrow(named);
  });

  test('takes codecs that are instances of classes, and calls them on themselves', () => {
    class MoneyCodec implements TypeCodec<Money> {
      readonly name = 'Money';
      #seen = 0;
      is(value: unknown): value is Money {
        this.#seen += 1;
        return value instanceof Money;
      }
      encode({ cents }: Money): unknown {
        return [cents, this.#seen > 0];
      }
      decode(data: unknown): Money {
        this.#seen += 1;
        return new Money((data as [bigint])[0]);
      }
    }
    const known = typesOf([new MoneyCodec()])!;
    expect(replayed(encodeValue(new Money(1n), known), known)).toStrictEqual(new Money(1n));
  });
});
