import { expect, test } from 'vitest';
import {
  bytesText,
  countMark,
  countText,
  countWords,
  relativeText,
  shortNumberText,
  spanText,
} from './words.ts';

test('a span is told in its largest sensible unit', () => {
  const told = [
    0, 412, 1_000, 9_940, 45_000, 119_000, 120_000, 5_400_000, 129_600_000, 1_036_800_000,
  ];
  expect(told.map(spanText)).toEqual([
    '0 ms',
    '412 ms',
    '1.0 s',
    '9.9 s',
    '45 s',
    '119 s',
    '2 min',
    '90 min',
    '36 h',
    '12 d',
  ]);
});

test('a time is told as its distance from now, in whole seconds', () => {
  const now = 1_000_000_000;
  const told = [-86_400_000 * 2, -5_400, -999, 0, 999, 1_000, 82_800_000];
  expect(told.map((distance) => relativeText(now + distance, now))).toEqual([
    '2 d ago',
    '5 s ago',
    'just now',
    'just now',
    'just now',
    'in 1 s',
    'in 23 h',
  ]);
});

test('a large count is told in three digits', () => {
  const told = [0, 9_999, 12_345, 279_830, 1_234_567];
  expect(told.map(shortNumberText)).toEqual(['0', '9,999', '12.3K', '280K', '1.23M']);
});

test('counts and bytes have their nouns', () => {
  expect([0, 1, 1_200].map((count) => countText(count, 'record'))).toEqual([
    '0 records',
    '1 record',
    '1,200 records',
  ]);
  expect([17, 2_048, 3_670_016].map(bytesText)).toEqual(['17 B', '2.0 KiB', '3.5 MiB']);
});

test('what was counted of a part is no fact about the whole', () => {
  expect(countMark(0, false)).toBe('0');
  expect(countMark(0, true)).toBe('?');
  expect(countMark(12_345, true)).toBe('12.3K+');
  expect(countWords(7, false, 'held')).toBe('7 held');
  expect(countWords(7, true, 'held')).toBe('at least 7 held; not all records were counted');
  expect(countWords(1, false)).toBe('1 record');
});
