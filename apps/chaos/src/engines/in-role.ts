import { setTimeout as elapsed } from 'node:timers/promises';
import { Redis } from 'ioredis';

const patienceMs = 30_000;

/** Waits until a server has become a master, or the replica of one. */
export async function inRole(url: string, role: 'master' | 'slave'): Promise<void> {
  const client = new Redis(url);
  client.on('error', () => {});
  const deadline = performance.now() + patienceMs;
  try {
    while (!(await client.info('replication')).includes(`role:${role}`)) {
      if (performance.now() > deadline) throw new Error(`${url} has not become a ${role}`);
      await elapsed(50);
    }
  } finally {
    client.disconnect();
  }
}
