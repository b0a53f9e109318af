import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestKeyOf, type Secret } from './digest.ts';
import { type KeyPrefixParts, keyPrefix, parseRecordId, recordIdOf } from './record-id.ts';

const parts = { environment: 'prod', operation: 'charge-payment', run: 0 } satisfies KeyPrefixParts;

function idOf(
  key: unknown,
  { secret, ...changed }: Partial<KeyPrefixParts> & { readonly secret?: Secret | undefined } = {},
): string {
  const digestKey = secret === undefined ? undefined : digestKeyOf(secret);
  return recordIdOf(keyPrefix({ ...parts, ...changed, digestKey }), key);
}

test('an id is environment/operation/run/digest, and the same every time', () => {
  expect(idOf('pay_1')).toBe('prod/charge-payment/0/7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI');
  expect(idOf('pay_1')).toBe(idOf('pay_1'));
});

test('environment and operation are percent-encoded, so that the id always has four parts', () => {
  const id = idOf('k', { environment: 'prod/eu', operation: 'Zahlung ausführen' });
  expect(id).toMatch(/^prod%2Feu\/Zahlung%20ausf%C3%BChren\/0\/[\w-]{43}$/);
});

test('the id shows nothing of the key, the scope or the secret', () => {
  const id = idOf('someone@example.com', { scope: 'acme', secret: 'a secret' });
  expect(id).toMatch(/^prod\/charge-payment\/0\/[\w-]{43}$/);
});

describe('every part makes another id', () => {
  test('keys that differ in type or order', () => {
    const keys = [1, '1', 1n, true, [1], { a: 1 }, ['a', 'b'], ['b', 'a'], undefined, null];
    expect(new Set(keys.map((key) => idOf(key))).size).toBe(keys.length);
  });

  test('environment, operation, run and scope', () => {
    const changes: Partial<KeyPrefixParts>[] = [
      {},
      { environment: 'staging' },
      { operation: 'charge' },
      { run: 1 },
      { scope: 'acme' },
      { scope: '1' },
      { scope: 1 },
      { scope: 1n },
      { scope: '-' },
      { scope: '@undefined' },
    ];
    const digests = changes.map((changed) => parseRecordId(idOf('k', changed))?.digest);
    expect(new Set(digests).size).toBe(changes.length);
  });

  test('a secret, which makes the digest an HMAC', () => {
    const ids = [undefined, 'one', 'two'].map((secret) => idOf('k', { secret }));
    expect(new Set(ids).size).toBe(3);
    expect(idOf('k', { secret: Buffer.from('one') })).toBe(ids[1]);
  });

  test('text cannot pass from one part into another', () => {
    const name = fc.string({
      unit: fc.constantFrom(...',:esork-01"/%é'),
      minLength: 1,
      maxLength: 6,
    });
    const parts = fc.record({
      environment: name,
      operation: name,
      run: fc.nat(11),
      scope: fc.oneof(fc.constant(undefined), name, fc.nat(11), fc.bigInt(0n, 11n)),
    });
    const key = fc.oneof(name, fc.nat(11), fc.array(name, { maxLength: 2 }));
    fc.assert(
      fc.property(parts, parts, key, key, (left, right, leftKey, rightKey) => {
        const same = isDeepStrictEqual([left, leftKey], [right, rightKey]);
        const envelopes = [left, right].map((each) => keyPrefix(each).envelopePrefix);
        expect(envelopes[0] === envelopes[1]).toBe(isDeepStrictEqual(left, right));
        // A prefix that went on in another prefix could be completed by a key.
        if (envelopes[0] !== envelopes[1])
          expect(envelopes[0]!.startsWith(envelopes[1]!)).toBe(false);
        const ids = [recordIdOf(keyPrefix(left), leftKey), recordIdOf(keyPrefix(right), rightKey)];
        expect(ids[0] === ids[1]).toBe(same);
      }),
      { numRuns: 3_000 },
    );
  });
});

test('what happens to a key or a secret afterwards does not change the id', () => {
  const secret = new Uint8Array([1, 2, 3]);
  const prefix = keyPrefix({ ...parts, digestKey: digestKeyOf(secret) });
  const before = recordIdOf(prefix, 'k');
  secret.fill(9);
  expect(recordIdOf(prefix, 'k')).toBe(before);
});

test('a key that cannot be encoded is refused with its path', () => {
  expect(() => idOf({ order: { total: Number.NaN } })).toThrow(
    'KEY_UNSUPPORTED at order.total: NaN cannot be part of a key',
  );
});

describe('a part that is not as it must be is refused with the name of its option', () => {
  test.each<[string, object]>([
    ['environment', { environment: '' }],
    ['environment', { environment: undefined }],
    ['environment', { environment: 5 }],
    ['environment', { environment: 'a\ud800' }],
    ['environment has 202 bytes', { environment: 'é'.repeat(101) }],
    ['operation', { operation: '' }],
    ['operation', { operation: '\udc00' }],
    ['operation has 201 bytes', { operation: 'a'.repeat(201) }],
    ['run', { run: -1 }],
    ['run', { run: 1.5 }],
    ['run', { run: Number.NaN }],
    ['run', { run: 2 ** 53 }],
    ['run', { run: '1' }],
    ['scope', { scope: '' }],
    ['scope', { scope: ' ' }],
    ['scope', { scope: 2 ** 53 }],
    ['scope', { scope: 'a\ud800' }],
    ['scope', { scope: null }],
    ['scope', { scope: true }],
    ['scope', { scope: ['acme'] }],
    ['scope', { scope: Number.NaN }],
    ['scope', { scope: Number.POSITIVE_INFINITY }],
  ])('%s: %j', (name, changed) => {
    expect(() => keyPrefix({ ...parts, ...changed })).toThrow(`OPTIONS_INVALID: ${name}`);
  });

  test.each<[unknown]>([[''], [new Uint8Array()], ['\ud800'], [5], [null]])(
    'keySecret: %j',
    (secret) => {
      expect(() => digestKeyOf(secret as Secret)).toThrow('OPTIONS_INVALID: keySecret');
    },
  );

  test('names of exactly 200 bytes are taken', () => {
    expect(() => keyPrefix({ ...parts, operation: 'é'.repeat(100) })).not.toThrow();
  });
});

describe('parseRecordId', () => {
  test('gives the parts of every id', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }),
        fc.maxSafeNat(),
        (environment, operation, run) => {
          const parsed = parseRecordId(idOf('k', { environment, operation, run }));
          expect(parsed).toMatchObject({ environment, operation, run });
        },
      ),
    );
  });

  const digest = '7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI';

  test.each([
    ['nothing', ''],
    ['three parts', `prod/charge/${digest}`],
    ['five parts', `prod/charge/0/${digest}/`],
    ['an empty environment', `/charge/0/${digest}`],
    ['an empty operation', `prod//0/${digest}`],
    ['a run with a leading zero', `prod/charge/01/${digest}`],
    ['a negative run', `prod/charge/-1/${digest}`],
    ['a run beyond 2^53', `prod/charge/9007199254740992/${digest}`],
    ['a run that is no number', `prod/charge/x/${digest}`],
    ['a short digest', `prod/charge/0/${digest.slice(1)}`],
    ['a digest in base64', `prod/charge/0/${digest.replace('-', '+')}`],
    ['a digest with bits to spare', `prod/charge/0/${digest.slice(0, 42)}J`],
    ['a broken escape', `prod%/charge/0/${digest}`],
    ['an escape that is no UTF-8', `prod%FF/charge/0/${digest}`],
    ['an escape in lower case', `prod%2feu/charge/0/${digest}`],
    ['an escape that is not needed', `%70rod/charge/0/${digest}`],
    ['a character that needs one', `prod eu/charge/0/${digest}`],
    ['a name that is too long', `${'a'.repeat(201)}/charge/0/${digest}`],
    ['a line break at the end', `prod/charge/0/${digest}\n`],
  ])('is undefined for %s', (_, id) => {
    expect(parseRecordId(id)).toBeUndefined();
  });
});
