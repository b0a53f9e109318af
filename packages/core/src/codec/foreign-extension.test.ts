import { addExtension, pack, unpack } from 'msgpackr/pack';
import { expect, test } from 'vitest';
import { decodeOutcome, encodeValue } from './index.ts';

class Money {
  readonly amount: number;

  constructor(amount: number) {
    this.amount = amount;
  }
}

// Extensions are global to msgpackr, and a user's code may share it with Twiceproof.
addExtension({
  Class: Money,
  type: 1,
  write: (money: Money) => money.amount,
  read: (amount: number) => new Money(amount),
});
addExtension({
  Class: Uint8Array,
  type: 2,
  write: (bytes: Uint8Array) => [...bytes],
  read: (list: number[]) => Uint8Array.from(list),
});

test('extensions that a user gives to msgpackr go on working', () => {
  encodeValue({ at: new Date(0), n: 1n });
  expect(unpack(pack({ price: new Money(5), at: new Date(5) }))).toEqual({
    price: new Money(5),
    at: new Date(5),
  });
});

test('they do not decide what Twiceproof records', () => {
  expect(() => encodeValue({ price: new Money(5) })).toThrow(
    /^RESULT_UNSERIALIZABLE at price: Money/,
  );
  const value = { at: new Date(0), list: [1, undefined], constructor: 'x' };
  expect(decodeOutcome(encodeValue(value), 'id')).toEqual({ kind: 'value', value });
});

test('one that rewrites binary data makes it refused rather than unreadable', () => {
  expect(() => encodeValue({ bytes: new Uint8Array([1]) })).toThrow(/^RESULT_UNSERIALIZABLE: /);
});
