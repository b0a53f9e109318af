import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestKeyOf } from './digest.ts';
import { fingerprintOf } from './fingerprint.ts';
import { keyPrefix, parseRecordId, recordIdOf } from './record-id.ts';

test('equal values have one fingerprint, whatever the order of their properties', () => {
  expect(fingerprintOf({ amount: 5, currency: 'EUR' })).toBe(
    fingerprintOf({ currency: 'EUR', amount: 5 }),
  );
  expect(fingerprintOf({ amount: 5 })).not.toBe(fingerprintOf({ amount: '5' }));
});

test('it is the digest that docs/record-id.md describes', () => {
  const text = 'twiceproof-fingerprint:1,{"amount":5}';
  expect(fingerprintOf({ amount: 5 })).toBe(createHash('sha256').update(text).digest('base64url'));
  expect(fingerprintOf({ amount: 5 }, digestKeyOf('secret'))).toBe(
    createHmac('sha256', 'secret').update(text).digest('base64url'),
  );
});

test('it is never the digest of a key', () => {
  const prefix = keyPrefix({ environment: 'prod', operation: 'charge', run: 0 });
  expect(parseRecordId(recordIdOf(prefix, 'k'))?.digest).not.toBe(fingerprintOf('k'));
});

test('errors name the fingerprint and not the key', () => {
  expect(() => fingerprintOf({ total: Number.NaN })).toThrow(
    'KEY_UNSUPPORTED at total: NaN cannot be part of a fingerprint; give a finite number or text',
  );
  expect(() => fingerprintOf(() => 1)).toThrow(
    'KEY_UNSUPPORTED: the fingerprint itself is a function',
  );
});
