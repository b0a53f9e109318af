import { expect, test } from 'vitest';
import { decodeOutcome } from './decode.ts';
import { encodeValue } from './encode.ts';

const fitsASlab = 300;
const needsMore = 90_000;

test('results that share memory stay what they are, also where one is written that needs more', () => {
  const values = Array.from({ length: 1_000 }, (_, at) => ({
    at,
    text: 'y'.repeat(at % 97 === 0 ? needsMore + at : at % fitsASlab),
  }));
  const written = values.map((value) => encodeValue(value));
  const shared = written.filter(({ buffer }) => buffer === written[1]!.buffer);
  expect(shared.length).toBeGreaterThan(1);
  for (const [at, bytes] of written.entries()) {
    expect(decodeOutcome(bytes, 'test')).toMatchObject({ value: values[at] });
  }
  const large = written[97]!;
  expect(large.byteLength).toBe(large.buffer.byteLength);
});
