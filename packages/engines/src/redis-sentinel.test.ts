import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { signal } from './process-tree.ts';
import { startRedisSentinel } from './redis-sentinel.ts';

test('sentinels name the master, and make the replica the master when it dies', async () => {
  const { name, sentinels, master, replica, stop } = await startRedisSentinel();
  const client = new Redis({ name, sentinels: [...sentinels], maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.set('written', 'before');
  await client.wait(1, 1_000);
  const pids = [master.pid, replica.pid];

  await master.kill();

  expect(await client.get('written')).toBe('before');
  expect(client.stream.remotePort).toBe(replica.port);
  client.disconnect();
  await stop();
  expect(pids.filter((pid) => signal(pid, 0))).toEqual([]);
});
