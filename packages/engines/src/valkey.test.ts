import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { signal } from './process-tree.ts';
import { startValkey } from './redis.ts';

test('a Valkey serves, knows SET IFEQ, and leaves nothing when it is stopped', async () => {
  const valkey = await startValkey();
  const client = new Redis(valkey.url);
  await client.set('any', 'one');
  expect(await client.call('SET', 'any', 'two', 'IFEQ', 'another')).toBeNull();
  expect(await client.call('SET', 'any', 'two', 'IFEQ', 'one')).toBe('OK');
  client.disconnect();
  const { pid } = valkey;

  await valkey.stop();

  expect(signal(pid, 0)).toBe(false);
});
