import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 10, 28, 10);

test.each([
  ['2', 2_000],
  ['1.5', 1_500],
  ['5, 5', 5_000],
  ['Sat, 28 Nov 2026 10:00:03 GMT', 3_000],
  ['Saturday, 28-Nov-26 10:00:03 GMT', 3_000],
  ['Sat, 28 Nov 2026 09:00:00 GMT', 0],
])('%s asks to wait', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});

test.each([null, '', '-1', '0x10', 'soon', 'in 5', 'Sat'])('%s says nothing', (header) => {
  expect(retryAfterMs(header, now)).toBeUndefined();
});
