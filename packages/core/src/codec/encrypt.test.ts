import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import {
  compressOutcome,
  decodeOutcome,
  decryptOutcome,
  type EncryptOptions,
  encodeError,
  encodeOffloaded,
  encodeOmitted,
  encodeValue,
  encryptOutcome,
  type Keyring,
  keyringOf,
  outcomeKind,
} from './index.ts';

const recordId = 'prod/pay/0/abc';
const first = randomBytes(32);
const second = randomBytes(32);
const ring = keyringOf({ current: 'k1', keys: { k1: first } });
const value = { card: '4242', at: new Date(5), list: [1, undefined] };

function corruptionOf(bytes: Uint8Array, keyring: Keyring | undefined, id = recordId): string {
  try {
    decryptOutcome(bytes, keyring, id);
  } catch (error) {
    if (!isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
    expect(error.recordId).toBe(id);
    return error.message;
  }
  throw new Error('it was decrypted');
}

test('an outcome comes back with the key that encrypted it', () => {
  const bytes = encodeValue(value);
  const encrypted = encryptOutcome(bytes, ring, recordId);
  expect(Buffer.from(encrypted).includes('4242')).toBe(false);
  expect(decryptOutcome(encrypted, ring, recordId)).toEqual(Uint8Array.from(bytes));
  const decrypted = decryptOutcome(Buffer.from(encrypted), ring, recordId);
  expect(decodeOutcome(decrypted, recordId)).toStrictEqual({ kind: 'value', value });
});

test('no two encryptions are the same', () => {
  const bytes = encodeValue(value);
  expect(encryptOutcome(bytes, ring, recordId)).not.toEqual(encryptOutcome(bytes, ring, recordId));
});

test('the kind stays readable', () => {
  const { bytes } = encodeError(new Error('x'));
  expect(outcomeKind(encryptOutcome(bytes, ring, recordId))).toBe('error');
});

test('a compressed outcome is encrypted on top of it', () => {
  const long = encodeValue({ text: 'again '.repeat(1_000) });
  const compressed = compressOutcome(long, { algorithm: 'gzip', threshold: 0 });
  const encrypted = encryptOutcome(compressed, ring, recordId);
  expect(encrypted.length).toBeLessThan(compressed.length + 64);
  expect(compressOutcome(encrypted, { algorithm: 'gzip', threshold: 0 })).toBe(encrypted);
  const outcome = decodeOutcome(decryptOutcome(encrypted, ring, recordId), recordId);
  expect(outcome).toEqual({ kind: 'value', value: { text: 'again '.repeat(1_000) } });
});

test.each([
  ['a value', encodeValue(value)],
  ['an error', encodeError(new Error('planted')).bytes],
  ['one that was omitted', encodeOmitted('too_large')],
  ['one that is kept elsewhere', encodeOffloaded('ref', 12)],
])('an outcome that is not encrypted is refused: %s', (_what, bytes) => {
  expect(corruptionOf(bytes, ring)).toContain('set encrypt.acceptPlaintext until');
  expect(decryptOutcome(bytes, undefined, recordId)).toBe(bytes);
});

test('an outcome from before encryption is answered as it is if the ring accepts it', () => {
  const bytes = encodeValue(value);
  const accepting = keyringOf({ current: 'k1', keys: { k1: first }, acceptPlaintext: true });
  expect(decryptOutcome(bytes, accepting, recordId)).toBe(bytes);
});

test('keys are replaced by adding a new one and making it current', () => {
  const old = encryptOutcome(encodeValue('old'), ring, recordId);
  const both = keyringOf({ current: 'k2', keys: { k1: first, k2: second } });
  const young = encryptOutcome(encodeValue('young'), both, recordId);
  expect(decodeOutcome(decryptOutcome(old, both, recordId), recordId)).toMatchObject({
    value: 'old',
  });
  expect(decodeOutcome(decryptOutcome(young, both, recordId), recordId)).toMatchObject({
    value: 'young',
  });
  expect(corruptionOf(young, ring)).toContain(
    'it is encrypted with the key "k2"; add that key to encrypt.keys',
  );
});

describe('it is corrupt', () => {
  const encrypted = encryptOutcome(encodeValue(value), ring, recordId);

  test('without any key, which is said before decoding too', () => {
    expect(corruptionOf(encrypted, undefined)).toContain('it is encrypted with the key "k1"');
    expect(() => decodeOutcome(encrypted, recordId)).toThrow(
      /^RECORD_CORRUPT: .*it is encrypted; configure encrypt with the key/,
    );
  });

  test('with another key under the same id', () => {
    const other = keyringOf({ current: 'k1', keys: { k1: second } });
    expect(corruptionOf(encrypted, other)).toContain(
      'encrypted with another key than encrypt.keys has as "k1"',
    );
  });

  test('in the place of another record', () => {
    expect(corruptionOf(encrypted, ring, 'prod/pay/0/other')).toContain(
      'was moved from another record',
    );
  });

  test('under another id of the same key', () => {
    const two = keyringOf({ current: 'k1', keys: { k1: first, k2: first } });
    const renamed = Uint8Array.from(encrypted);
    renamed.set(Buffer.from('k2'), 3);
    expect(corruptionOf(renamed, two)).toContain('it was altered');
  });

  test('after any change of a byte behind the version, and after any truncation', () => {
    for (let index = 1; index < encrypted.length; index++) {
      const altered = Uint8Array.from(encrypted);
      altered[index]! ^= 1 << (index % 8);
      // Without the flag it is no longer encrypted, but then it cannot be decoded.
      const read = () => decodeOutcome(decryptOutcome(altered, ring, recordId), recordId);
      expect(read).toThrow(/^RECORD_CORRUPT/);
      const cut = () =>
        decodeOutcome(decryptOutcome(encrypted.subarray(0, index), ring, recordId), recordId);
      expect(cut).toThrow(/^RECORD_CORRUPT/);
    }
  });

  test('with another kind in its header', () => {
    const altered = Uint8Array.from(encrypted);
    altered[1] = (altered[1]! & ~7) | 4;
    expect(corruptionOf(altered, ring)).toContain('it was altered');
  });
});

describe('the option', () => {
  test('takes keys as bytes, base64 and base64url', () => {
    const keyring = keyringOf({
      current: 'a',
      keys: {
        a: Uint8Array.from(first),
        b: first.toString('base64'),
        c: first.toString('base64url'),
      },
    });
    expect([...keyring.keys.values()].map((key) => key.export())).toEqual([first, first, first]);
  });

  test('copies the keys, so that they can be wiped', () => {
    const key = Uint8Array.from(first);
    const keyring = keyringOf({ current: 'k1', keys: { k1: key } });
    key.fill(0);
    expect(decryptOutcome(encryptOutcome(encodeValue(1), keyring, 'id'), ring, 'id')).toEqual(
      Uint8Array.from(encodeValue(1)),
    );
  });

  test.for<[string, unknown, string]>([
    [
      'a short key',
      { current: 'k1', keys: { k1: first.subarray(1) } },
      'encrypt.keys.k1 must be 32 bytes, as a Uint8Array or in base64',
    ],
    [
      'a short key in base64',
      { current: 'k1', keys: { k1: 'c2hvcnQ=' } },
      'encrypt.keys.k1 must be 32 bytes',
    ],
    [
      'a passphrase',
      { current: 'k1', keys: { k1: 'correct horse battery staple, and then some more' } },
      'encrypt.keys.k1 must be 32 bytes',
    ],
    [
      'a key that is nothing',
      { current: 'k1', keys: { k1: undefined } },
      'encrypt.keys.k1 must be 32 bytes',
    ],
    [
      'no keys',
      { current: 'k1', keys: {} },
      'encrypt.keys is empty; give at least one key of 32 bytes by its id',
    ],
    ['keys left out', { current: 'k1' }, 'encrypt.keys is empty'],
    [
      'an unknown current key',
      { current: 'k2', keys: { k1: first } },
      'encrypt.current names no key; give the id of one of encrypt.keys',
    ],
    ['no current key', { keys: { k1: first } }, 'encrypt.current names no key'],
    [
      'an empty id',
      { current: '', keys: { '': first } },
      'encrypt.keys has an id that is empty or too long',
    ],
    [
      'a long id',
      { current: 'k', keys: { ['k'.repeat(256)]: first } },
      'encrypt.keys has an id that is empty or too long',
    ],
    [
      'a key alone',
      first.toString('base64'),
      'encrypt is no object of options; give { current, keys }',
    ],
  ])('%s is refused', ([, options, message]) => {
    expect(() => keyringOf(options as EncryptOptions)).toThrow(`OPTIONS_INVALID: ${message}`);
  });

  test('no message holds a key', () => {
    const key = `${first.toString('base64')}AA`;
    expect(() => keyringOf({ current: 'k1', keys: { k1: key } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(key.slice(0, 8)) }),
    );
  });
});
