import { setTimeout as elapsed } from 'node:timers/promises';
import { Redis } from 'ioredis';

const patienceMs = 30_000;

/** Waits until what was a replica is a master. */
export async function serving(url: string): Promise<void> {
  const client = new Redis(url);
  const deadline = performance.now() + patienceMs;
  try {
    while (!(await client.info('replication')).includes('role:master')) {
      if (performance.now() > deadline) throw new Error(`${url} has not taken over`);
      await elapsed(50);
    }
  } finally {
    client.disconnect();
  }
}
