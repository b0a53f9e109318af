import { expect, test } from 'vitest';
import { relativeText, spanText, timeText } from './time-text.ts';

const minute = 60_000;

test('a span is told in its largest sensible unit', () => {
  const spans = [0, 999, 45_000, 119_000, 2 * minute, 119 * minute, 120 * minute, 47 * 60 * minute];
  expect(spans.map(spanText)).toEqual(['0s', '1s', '45s', '119s', '2m', '119m', '2h', '47h']);
  expect(spanText(30 * 24 * 60 * minute)).toBe('30d');
});

test('a time is told from now', () => {
  expect(relativeText(0, 5 * minute)).toBe('5m ago');
  expect(relativeText(5 * minute, 0)).toBe('in 5m');
  const now = Date.now();
  expect(timeText(now, now)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(0s ago\)$/);
});
