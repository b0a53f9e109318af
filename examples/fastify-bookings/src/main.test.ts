import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a booking that is sent again is made once, for each tenant', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`without a day: 400 null
booked blue on monday
first request: 201 /bookings/b-1
the same again: 201 /bookings/b-1, replayed
another day: 422 null
booked blue on monday
another tenant: 201 /bookings/b-2
`);
});
