import { randomUUID } from 'node:crypto';
import type { Store } from '@twiceproof/core';
import { decodeRecord } from './record-value.ts';
import { extendScript } from './scripts.ts';
import { pausedArgument, retentionArgument, type StoreContext } from './store-context.ts';

export function createExtend(context: StoreContext): Required<Store>['extend'] {
  const { commands, graceMs, notify } = context;
  return async (id, retentionMs, options) => {
    const [verdict, , value] = await commands.write(
      extendScript,
      id,
      [
        retentionArgument(retentionMs),
        options?.version ?? '',
        pausedArgument(options),
        // ioredis sends again what it got no answer to; the second try must know the first one's deed.
        randomUUID(),
        graceMs,
        notify,
      ],
      options,
    );
    if (verdict !== 1) return undefined;
    return decodeRecord(id, value as Buffer);
  };
}
