import { randomUUID } from 'node:crypto';
import type { Store } from '@twiceproof/core';
import { deleteScript } from './scripts.ts';
import { pausedArgument, type StoreContext } from './store-context.ts';

/** How long a deleted copy keeps out one of the same age that is on its way here. */
const copyGraceMs = 10_000;

export function createDelete(context: StoreContext): Store['delete'] {
  const { commands, graceMs, notify } = context;
  return async (id, options) => {
    const [verdict] = await commands.write(
      deleteScript,
      id,
      [
        options?.version ?? '',
        pausedArgument(options),
        // ioredis sends again what it got no answer to; the second try must know the first one's deed.
        randomUUID(),
        graceMs,
        Math.min(copyGraceMs, graceMs),
        notify,
      ],
      options,
    );
    return verdict === 1;
  };
}
