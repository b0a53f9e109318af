import type { Store } from '@twiceproof/core';
import { renewScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';

export function createRenew({ commands }: StoreContext): Store['renew'] {
  return async (id, token, leaseMs, options) => {
    const [verdict] = await commands.run(renewScript, id, [token, Math.ceil(leaseMs)], options);
    return verdict === 'renewed' ? { remainingMs: leaseMs } : undefined;
  };
}
