import type { Store } from '@twiceproof/core';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import { retirementWord, wakeWord } from './script-words.ts';
import { deleteScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';

/** How long a deleted copy keeps out one of the same age that is on its way here. */
const copyGraceMs = 10_000;

export function createDelete(context: StoreContext): Store['delete'] {
  const { commands, graceMs, wakes } = context;
  return async (id, options) => {
    const [verdict] = await commands.write(
      deleteScript,
      id,
      [
        options?.version ?? '',
        retirementWord(options),
        // ioredis sends again what it got no answer to; the second try must know the first one's deed.
        nodeCrypto().randomUUID(),
        graceMs,
        Math.min(copyGraceMs, graceMs),
        wakeWord(wakes),
      ],
      options,
    );
    return verdict === 'deleted';
  };
}
