import { expect, test } from 'vitest';
import { encodeValue } from '../codec/index.ts';
import { keptResult } from './kept-result.ts';

const receipt = { id: 'r-1', lines: [{ cents: 1 }] };
const bytes = encodeValue(receipt);

test('a result is given for the bytes that it was read from, and for no others', () => {
  const kept = keptResult(bytes, receipt)!;
  expect(kept.isOf(Uint8Array.from(bytes))).toBe(true);
  expect(kept.isOf(Buffer.from(bytes))).toBe(true);
  for (let at = 0; at < bytes.length; at++) {
    const other = Uint8Array.from(bytes);
    other[at]! ^= 1;
    expect(kept.isOf(other)).toBe(false);
    expect(kept.isOf(bytes.subarray(0, at))).toBe(false);
  }
});

test('what is kept is nobody else’s', () => {
  const [given, value] = [Uint8Array.from(bytes), structuredClone(receipt)];
  const kept = keptResult(given, value)!;
  given.fill(0);
  value.lines[0]!.cents = 2;
  expect(kept.isOf(bytes)).toBe(true);
  expect(kept.value).toEqual(receipt);
  expect((kept.value as typeof receipt).lines).not.toBe((kept.value as typeof receipt).lines);
});

test('a large result is read each time', () => {
  const large = { text: 'x'.repeat(600) };
  expect(keptResult(encodeValue(large), large)).toBeUndefined();
});
