import { randomUUID } from 'node:crypto';
import type { Store } from '@twiceproof/core';
import { flag } from './flag.ts';
import { decodeRecord } from './record-format.ts';
import { done } from './script.ts';
import { extendScript } from './scripts.ts';
import { isPaused, retentionArgument, type StoreContext } from './store-context.ts';

export function createExtend(context: StoreContext): Required<Store>['extend'] {
  const { commands, graceMs } = context;
  return async (id, retentionMs, options) => {
    const [verdict, , value] = await commands.write(
      extendScript,
      id,
      [
        retentionArgument(retentionMs),
        options?.version ?? '',
        flag(isPaused(options)),
        // ioredis sends again what it got no answer to; the second try must know the first one's deed.
        randomUUID(),
        graceMs,
      ],
      options,
    );
    if (verdict !== done) return undefined;
    return decodeRecord(id, value as Buffer);
  };
}
