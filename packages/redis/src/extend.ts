import type { Store } from '@twiceproof/core';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import { decodeRecord } from './record-format.ts';
import { retentionWord, retirementWord } from './script-words.ts';
import { extendScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';

export function createExtend(context: StoreContext): Required<Store>['extend'] {
  const { commands, graceMs } = context;
  return async (id, retentionMs, options) => {
    const [verdict, , value] = await commands.write(
      extendScript,
      id,
      [
        retentionWord(retentionMs),
        options?.version ?? '',
        retirementWord(options),
        // ioredis sends again what it got no answer to; the second try must know the first one's deed.
        nodeCrypto().randomUUID(),
        graceMs,
      ],
      options,
    );
    if (verdict !== 'extended') return undefined;
    return decodeRecord(id, value as Buffer);
  };
}
