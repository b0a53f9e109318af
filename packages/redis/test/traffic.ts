import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import type { RedisStore } from '../src/redis-store.ts';

export interface Traffic {
  readonly answers: { right: number; faults: number; readonly wrong: unknown[] };
  end(): Promise<void>;
}

/** Eight callers that call until told to stop; every call must end, in its answer or in a coded error. */
export function traffic(store: RedisStore): Traffic {
  const idempotency = createIdempotency({ environment: 'test', store, lease: '5s' });
  const call = idempotency.wrap(async (key: string) => key, { operation: 'echo' });
  let isOver = false;
  const answers = { right: 0, faults: 0, wrong: [] as unknown[] };
  const caller = async (name: string) => {
    for (let count = 0; !isOver; count++) {
      const key = `${name}-${count}`;
      try {
        if ((await call(key)) === key) answers.right++;
        else answers.wrong.push(key);
      } catch (error) {
        if (isIdempotencyError(error, 'STORE_UNAVAILABLE')) answers.faults++;
        else answers.wrong.push(error);
      }
    }
  };
  const callers = Promise.all(Array.from({ length: 8 }, (_, at) => caller(`caller-${at}`)));
  return {
    answers,
    async end() {
      isOver = true;
      await callers;
    },
  };
}
