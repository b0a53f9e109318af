import { faultWord } from './engine-errors.ts';
import type { Sender } from './sender.ts';

/**
 * Whether the server has `SET … IFEQ` (Valkey 8.1, Redis 8.4), which settles a record without a script:
 * asked once, of a key that is not there, while settlements go on without it.
 */
export interface SwapSupport {
  readonly isKnown: boolean;
  /** Whether the server took offence at the command itself, and the script has to decide. */
  isRefusal(error: unknown): boolean;
}

export function createSwapSupport(send: Sender['swap'], prefix: string): SwapSupport {
  let isAsked = false;
  let isKnown = false;
  const ask = async () => {
    isAsked = true;
    try {
      await send(`${prefix}:`, nothing, '', 1);
      isKnown = true;
    } catch (error) {
      // An answer is an answer; without one the next settlement asks again.
      isAsked = error instanceof Error && faultWord(error) === 'ERR';
    }
  };

  return {
    get isKnown() {
      if (!isAsked) void ask();
      return isKnown;
    },
    isRefusal(error) {
      if (!(error instanceof Error)) return false;
      const word = faultWord(error);
      // After a failover the server may be an older one.
      if (word === 'ERR') isKnown = false;
      // One that is out of memory lets the script settle.
      return word === 'ERR' || word === 'OOM';
    },
  };
}

const nothing = Buffer.alloc(0);
