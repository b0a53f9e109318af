import { expect, test } from 'vitest';
import { bytesText, countText, numberText } from './count-text.ts';

test('numbers are grouped by thousands', () => {
  expect([0, 999, 1_000, 1_234_567].map(numberText)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([0, 1, 1_200].map((count) => countText(count, 'record'))).toEqual([
    '0 records',
    '1 record',
    '1,200 records',
  ]);
});

test('bytes are told in the largest sensible unit', () => {
  expect([1_023, 1_536, 5_242_880].map(bytesText)).toEqual(['1023 B', '1.5 KiB', '5.0 MiB']);
});
