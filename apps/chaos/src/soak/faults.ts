import { setTimeout as elapsed } from 'node:timers/promises';
import type { FaultProxy } from '@twiceproof/engines';

/** Half of it is longer than what the calls wait for the store, so that some are refused. */
const everyMs = 1_500;

/** One fault of the network after the other, each healed before the next, until it is told to stop. */
export async function strikeInTurn(
  proxies: readonly FaultProxy[],
  signal: AbortSignal,
): Promise<void> {
  const faults: ((proxy: FaultProxy) => void)[] = [
    (proxy) => void proxy.cutBefore({ times: 5 }),
    (proxy) => void proxy.cutAfter({ times: 5 }),
    (proxy) => proxy.delay(100),
    (proxy) => proxy.disconnect(),
    (proxy) => proxy.freeze(),
  ];
  for (let turn = 0; !signal.aborted; turn += 1) {
    for (const proxy of proxies) faults[turn % faults.length]!(proxy);
    await elapsed(everyMs / 2, undefined, { signal }).catch(() => {});
    for (const proxy of proxies) proxy.heal();
    await elapsed(everyMs / 2, undefined, { signal }).catch(() => {});
  }
}
