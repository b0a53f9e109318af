import { expect, test } from 'vitest';
import { startMariadb } from './mariadb.ts';

test('several can be started at the same time', { timeout: 60_000 }, async () => {
  const starts = Array.from({ length: 6 }, () => startMariadb({ own: true }));
  const started = await Promise.allSettled(starts);
  await Promise.all(started.map((each) => each.status === 'fulfilled' && each.value.stop()));
  expect(started.map(({ status }) => status)).toEqual(Array(6).fill('fulfilled'));
});
