import { Redis } from 'ioredis';
import type { RedisEngine } from './redis.ts';

/**
 * Moves slots from one master of a Cluster to another one as `redis-cli --cluster reshard` does, under
 * load: `whileMoving` is awaited where the slots have keys at both.
 */
export async function reshard(
  from: RedisEngine,
  to: RedisEngine,
  slots: readonly number[],
  whileMoving: () => Promise<void>,
): Promise<void> {
  const [source, target] = [new Redis(from.url), new Redis(to.url)];
  const [sourceId, targetId] = [await idOf(source), await idOf(target)];
  const setSlot = (node: Redis, slot: number, ...state: string[]) =>
    node.call('CLUSTER', 'SETSLOT', String(slot), ...state);

  for (const slot of slots) {
    await setSlot(target, slot, 'IMPORTING', sourceId);
    await setSlot(source, slot, 'MIGRATING', targetId);
  }
  await whileMoving();
  for (const slot of slots) {
    for (;;) {
      const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', String(slot), '100')) as string[];
      if (keys.length === 0) break;
      const place = [to.host, String(to.port), '', '0', '5000'];
      await source.call('MIGRATE', ...place, 'KEYS', ...keys);
    }
    await setSlot(target, slot, 'NODE', targetId);
    await setSlot(source, slot, 'NODE', targetId);
  }
  source.disconnect();
  target.disconnect();
}

async function idOf(node: Redis): Promise<string> {
  return String(await node.call('CLUSTER', 'MYID'));
}
