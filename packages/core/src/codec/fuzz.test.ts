import { Packr } from 'msgpackr/pack';
import { expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import {
  compressOutcome,
  decodeOutcome,
  encodeError,
  encodeOmitted,
  encodeValue,
} from './index.ts';
import { typesOf } from './type-codec.ts';

/** xorshift32: the same cases in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

class Money {
  readonly cents: unknown;
  constructor(cents: unknown) {
    // Bytes of anybody may name a type that is known here; what they hold is for its codec to refuse.
    if (typeof cents !== 'bigint') throw new TypeError('no cents');
    this.cents = cents;
  }
}
const types = typesOf([
  {
    name: 'Money',
    is: (value) => value instanceof Money,
    encode: ({ cents }: Money) => cents,
    decode: (cents) => new Money(cents),
  },
]);

const corpus = [
  encodeValue(
    { total: new Money(3n), items: [new Money(1n), new Map([[new Money(2n), 1]])] },
    types,
  ),
  encodeError(new Error('x', { cause: [new Money(1n)] }), types).bytes,
  encodeValue({ id: 'evt_1', list: [1, -1, 1.5, true, null], nested: { text: 'x'.repeat(300) } }),
  encodeValue([undefined, -0, 10n, new Date(0), '\ud800', new Map([[{}, new Set([1])]])]),
  encodeValue({
    '\0u': 1,
    bytes: new Uint8Array(40),
    floats: new Float64Array(4),
    holes: new Array(9),
  }),
  encodeValue(JSON.parse('{"__proto__":{"a":[[[[[]]]]]}}')),
  encodeValue(Array.from({ length: 40 }, (_, index) => ({ index, key: `k${index}` }))),
  encodeError(Object.assign(new TypeError('x', { cause: new Error('y') }), { code: 'E' })).bytes,
  encodeError(new AggregateError([new Error('a'), 'b'], 'all')).bytes,
  encodeError({ thrown: [1n] }).bytes,
  encodeOmitted('too_large'),
];

/** Chosen less often, because decompressing takes longest. */
const compressed = (['gzip', 'zstd'] as const).map((algorithm) =>
  compressOutcome(encodeValue('again '.repeat(20)), { algorithm, threshold: 0 }),
);

type Random = (below: number) => number;

function randomBytes(random: Random): Uint8Array {
  const bytes = new Uint8Array(random(64));
  for (let index = 0; index < bytes.length; index++) bytes[index] = random(256);
  // Most cases should get past the header.
  if (bytes.length > 1 && random(8) > 0) bytes.set(randomHeader(random));
  return bytes;
}

function randomHeader(random: Random): number[] {
  const layers = random(16) === 0 ? random(4) * 16 : 0;
  return [1, (1 + random(5)) | (random(4) > 0 ? 8 : 0) | layers];
}

const packr = new Packr({ useRecords: false, variableMapSize: true });
const tags = [...'uznsdmeopabtx'].map((letter) => `\0${letter}`);
const words = [
  'Money',
  'class',
  'message',
  'props',
  'cause',
  'errors',
  'value',
  'error',
  '__proto__',
  'Error',
  'length',
];
const leaves = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 32,
  'too_large',
  '"text"',
  'ff',
  'Buffer',
  'Int32Array',
  new Uint8Array(4),
];

/** Well-formed msgpack, so that it gets past the scan, of tags and errors that mostly make no sense. */
function randomTree(random: Random): Uint8Array {
  return Uint8Array.from([...randomHeader(random), ...packr.pack(randomNode(random, 4))]);
}

function randomNode(random: Random, depth: number): unknown {
  const parts = random(4);
  switch (depth === 0 ? 0 : random(5)) {
    case 0:
    case 1:
      return random(2) === 0 ? words[random(words.length)] : leaves[random(leaves.length)];
    case 2:
      return Array.from({ length: parts }, () => randomNode(random, depth - 1));
    case 3:
      return { [tags[random(tags.length)]!]: randomNode(random, depth - 1) };
    default: {
      const keys = Array.from({ length: parts }, () => words[random(words.length)]!);
      return Object.fromEntries(keys.map((key) => [key, randomNode(random, depth - 1)]));
    }
  }
}

function mutated(random: Random): Uint8Array {
  const source = random(32) === 0 ? compressed : corpus;
  let bytes = Uint8Array.from(source[random(source.length)]!);
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    switch (random(5)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes = Uint8Array.from([...bytes.slice(0, at), random(256), ...bytes.slice(at)]);
        break;
      default: {
        const other = corpus[random(corpus.length)]!;
        const from = random(other.length);
        bytes.set(other.subarray(from, Math.min(other.length, from + bytes.length - at)), at);
      }
    }
  }
  return bytes;
}

test.for([
  ['random bytes', randomBytes, 1, 100],
  ['altered outcomes', mutated, 2, 5_000],
  ['random trees', randomTree, 3, 5_000],
] as const)(
  '80,000 times %s are read or refused as corrupt',
  { timeout: 60_000 },
  ([, make, seed, leastRead]) => {
    const random = randomFrom(seed * 0x9e3779b9);
    const prototypes = [Object, Array, Map, Set, Date, Error, Uint8Array].map(
      (Class) => Class.prototype,
    );
    const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
    let read = 0;
    for (let round = 0; round < 80_000; round++) {
      const bytes = make(random);
      try {
        const outcome = decodeOutcome(bytes, 'id', types);
        read += 1;
        // Whatever was read from bytes is data that could have been recorded.
        if (outcome.kind === 'value') encodeValue(outcome.value, types);
      } catch (error) {
        if (!isIdempotencyError(error, 'RECORD_CORRUPT')) {
          throw new Error(`round ${round}: ${Buffer.from(bytes).toString('hex')}`, {
            cause: error,
          });
        }
      }
    }
    expect(read).toBeGreaterThan(leastRead);
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
    expect(Object.keys(Object.prototype)).toEqual([]);
  },
);
