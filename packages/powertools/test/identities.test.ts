import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oldHash } from '../src/identity/old-hash.ts';
import { pythonFloat, pythonJson } from '../src/index.ts';
import { type Language, languages } from './languages.ts';
import { type Program, startOldCode } from './program.ts';

const programs = new Map<Language, Program>();
beforeAll(async () => {
  for (const language of languages) programs.set(language, await startOldCode(language));
}, 120_000);
afterAll(() => {
  for (const program of programs.values()) program.stop();
});

const awkward = [
  '',
  'ü',
  '😀',
  '\uffff',
  '\u{10000}',
  '\u007f',
  '\u2028',
  '"\\/',
  '\b\f\n\r\t\u0000',
  'A',
  'a',
  'aB',
  'Ab',
  '10',
  '9',
  '__proto__x',
];
const keys = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 4 }));
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)),
  fc.constantFrom(1e-4, 1e-5, 1e-7, 1.5e-10, 0.1, 123456789.125, 1234567890123456.5, 5e-324, -0.5),
);
const leaves = fc.oneof(keys, numbers, fc.boolean(), fc.constant(null));
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe.each(languages)('the hash of any key is that of Powertools for %s', (language) => {
  test('with MD5', async () => {
    const isSame = fc.asyncProperty(values, async (value) => {
      // As it arrives in a Lambda.
      const key = JSON.parse(JSON.stringify(value)) as unknown;
      const { hash } = await programs.get(language)!.ask({ key });
      expect(oldHash(language, 'md5', key)).toBe(hash);
    });
    await fc.assert(isSame, { numRuns: 300 });
  });

  const names = ['md5', 'sha1', 'sha256', 'sha512'];
  const more = language === 'python' ? ['sha3_256', 'blake2b', 'blake2s'] : [];
  test.each([...names, ...more])('with %s', async (hash) => {
    const said = await programs.get(language)!.ask({ key: 'o-1', hash });
    expect(oldHash(language, hash, 'o-1')).toBe(said.hash);
  });
});

test.each([
  ['12.0', '12.0'],
  ['1e3', '1000.0'],
  ['-0.0', '-0.0'],
  ['-0', '0'],
  ['1e16', '1e+16'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['1.5e300', '1.5e+300'],
  ['0.00001', '1e-05'],
  ['[1, 1.0, 1.50]', '[1, 1.0, 1.5]'],
])('pythonJson reads %s as Python does', async (text, written) => {
  const { pythonText } = await import('../src/identity/python-text.ts');
  expect(pythonText(pythonJson(text))).toBe(written);
});

test('a whole number that may have been rounded is refused, and may be marked', () => {
  expect(() => oldHash('python', 'md5', { n: 1e16 })).toThrow('KEY_UNSUPPORTED');
  const hash = oldHash('python', 'md5', { n: pythonFloat(1e16) });
  expect(hash).toBe(oldHash('python', 'md5', pythonJson('{"n": 1e16}')));
});
