import { createHmac, hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestKeyOf, digestOf } from './digest.ts';

const lengths = [0, 1, 399, 400, 401, 4_095, 4_096, 4_097, 100_000];
const prefixes = ['a,', 'a,', 'ß€😀,', 'x'.repeat(1_024), '€'.repeat(1_024), 'x'.repeat(1_025)];

test.each(['a', 'é', '€', '😀'])(
  'a text of %s of any length is digested with its prefix',
  (unit) => {
    for (const length of lengths) {
      for (const prefix of prefixes) {
        const text = unit.repeat(length / unit.length);
        expect(digestOf(prefix, text, undefined)).toBe(hash('sha256', prefix + text, 'base64url'));
      }
    }
  },
);

test('with a secret it is an HMAC of both', () => {
  const text = 'a'.repeat(1_000);
  const hmac = createHmac('sha256', 'secret').update(`p,${text}`).digest('base64url');
  expect(digestOf('p,', text, digestKeyOf('secret'))).toBe(hmac);
});
