import type { TypeCodec } from '@twiceproof/core';
import { ObjectId } from 'bson';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

/** A class that holds anything, also instances of the others and of itself. */
class Box {
  readonly content: unknown;

  constructor(content: unknown) {
    this.content = content;
  }
}

/** A class that extends a built-in, which is not recorded without a codec. */
class Prices extends Map<string, Decimal> {}

/** An error of a framework, which comes back as its own class with what it carries. */
export class HttpException extends Error {
  override readonly name = 'HttpException';
  readonly status: number;
  readonly response: unknown;

  constructor(response: unknown, status: number) {
    super(`answered ${status}`);
    this.response = response;
    this.status = status;
  }
}

function codec<Value>(own: TypeCodec<Value>): TypeCodec<Value> {
  return own;
}

export const types: readonly TypeCodec[] = [
  codec<Decimal>({
    name: 'Decimal',
    is: Decimal.isDecimal,
    encode: (value) => value.toString(),
    decode: (text) => new Decimal(text as string),
  }),
  codec<ObjectId>({
    name: 'ObjectId',
    is: (value) => value instanceof ObjectId,
    encode: (value) => value.id,
    decode: (bytes) => new ObjectId(bytes as Uint8Array),
  }),
  codec<URL>({
    name: 'URL',
    is: (value) => value instanceof URL,
    encode: (value) => value.href,
    decode: (href) => new URL(href as string),
  }),
  codec<Temporal.Instant>({
    name: 'Temporal.Instant',
    is: (value) => value instanceof Temporal.Instant,
    encode: (value) => value.epochNanoseconds,
    decode: (nanoseconds) => new Temporal.Instant(nanoseconds as bigint),
  }),
  codec<Prices>({
    name: 'Prices',
    is: (value) => value instanceof Prices,
    encode: (value) => new Map(value),
    decode: (entries) => new Prices(entries as Map<string, Decimal>),
  }),
  codec<HttpException>({
    name: 'HttpException',
    is: (value) => value instanceof HttpException,
    encode: ({ response, status }) => ({ response, status }),
    decode: (data) => {
      const { response, status } = data as HttpException;
      return new HttpException(response, status);
    },
  }),
  codec<Box>({
    name: 'Box',
    is: (value) => value instanceof Box,
    encode: ({ content }) => content,
    decode: (content) => new Box(content),
  }),
];

const decimal = fc
  .tuple(fc.bigInt(), fc.integer({ min: -40, max: 40 }))
  .map(([digits, exponent]) => new Decimal(`${digits}e${exponent}`));
const instant = fc
  .bigInt({ min: -(8n * 10n ** 21n), max: 8n * 10n ** 21n })
  .map((nanoseconds) => new Temporal.Instant(nanoseconds));
const objectId = fc
  .uint8Array({ minLength: 12, maxLength: 12 })
  .map((bytes) => new ObjectId(Uint8Array.from(bytes)));
const url = fc
  .webUrl({ withQueryParameters: true, withFragments: true })
  .map((text) => new URL(text));
const prices = fc
  .dictionary(fc.string(), decimal, { maxKeys: 3 })
  .map((each) => new Prices(Object.entries(each)));

const leaf = fc.oneof(
  decimal,
  instant,
  objectId,
  url,
  prices,
  fc.string(),
  fc.bigInt(),
  fc.constant(undefined),
);

const wrappers: readonly ((content: unknown) => unknown)[] = [
  (content) => new Box(content),
  (content) => [content],
  (content) => ({ content, '\0t': ['Box', 1] }),
  (content) => new Map([[content, 1]]),
  (content) => new Map([['key', content]]),
  (content) => new Set([content]),
  (content) => Object.assign(Object.create(null), { content }),
  (content) => new HttpException({ content }, 402),
];

/** How many containers a wrapper adds: an HttpException's data is one, and its response another. */
const levels = wrappers.map((_, index) => (index === 7 ? 3 : 1));
/** The deepest level at which a result may still hold an object. */
export const deepest = 255;

/** Values of registered types, alone, beside each other, and nested in up to `most` containers. */
export const typedValue = (most: number): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.array(leaf, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(wrappers.length - 1), { maxLength: 12 }),
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.constant(most) },
      ),
      fc.nat(1),
    )
    .map(([leaves, chosen, minDepth, filler]) => {
      let value: unknown = leaves.length === 1 ? leaves[0] : leaves;
      // The leaves, their Decimals, and the list around them.
      let depth = 3;
      for (const index of chosen) {
        value = wrappers[index]!(value);
        depth += levels[index]!;
      }
      for (; depth < minDepth; depth++) value = wrappers[filler]!(value);
      return value;
    });
