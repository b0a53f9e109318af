import { IdempotencyError } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { errorTypeOf } from './error-type.ts';

class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}

test.each([
  ['an error of ours is its code', new IdempotencyError('IN_PROGRESS', 'later'), 'IN_PROGRESS'],
  ['an error with a name is its name', new CardDeclined('4242'), 'CardDeclined'],
  ['an error with a code only is its code', systemError('ECONNREFUSED'), 'ECONNREFUSED'],
  ['an error without either is Error', new Error('order 17'), 'Error'],
  ['a name that is a sentence is not told', named('order 17 of Ada'), 'Error'],
  ['a code that is no code is not told', systemError('order-17'), 'Error'],
  ['what is no error is _OTHER', 'order 17', '_OTHER'],
  ['an error that cannot be read is _OTHER', unreadable(), '_OTHER'],
])('%s', (_what, error, type) => {
  expect(errorTypeOf(error)).toBe(type);
});

function systemError(code: string): Error {
  return Object.assign(new Error('connect'), { code });
}

function named(name: string): Error {
  return Object.assign(new Error('failed'), { name });
}

function unreadable(): Error {
  return Object.defineProperty(new Error('failed'), 'name', {
    get() {
      throw new Error('no');
    },
  });
}
