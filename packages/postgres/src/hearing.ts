import { nodeCrypto, within } from '@twiceproof/core/toolkit';
import type { Database } from './database.ts';
import type { StoreContext } from './store-context.ts';

type Listen = NonNullable<Database['listen']>;

/** No record id begins like it. */
const mark = '?heard ';

/**
 * Whether a connection that listens hears what others notify of: behind a pooler that gives its server
 * connection away it does not, and nothing says so.
 */
export interface Hearing {
  /** To be given what arrives; answers whether it was meant for this. */
  hear(payload: string): boolean;
  /** Notifies of something, over another connection, for `hear` to hear. */
  ask(): Promise<void>;
}

export function createHearing({ requests, names }: StoreContext, onHeard: () => void): Hearing {
  const mine = `${mark}${nodeCrypto().randomUUID()}`;
  return {
    hear(payload) {
      if (payload === mine) onHeard();
      return payload.startsWith(mark);
    },
    async ask() {
      await requests.one(`SELECT pg_notify('${names.channel}', $1)`, [mine]);
    },
  };
}

/** Tries for a moment whether notifications arrive. */
export async function hearsNotifications(
  context: StoreContext,
  listen: Listen,
  patienceMs: number,
): Promise<boolean> {
  const { promise: answered, resolve } = Promise.withResolvers<boolean>();
  const hearing = createHearing(context, () => resolve(true));
  const stop = await listen(context.names.channel, hearing.hear, () => resolve(false));
  try {
    const heard = hearing.ask().then(() => answered);
    return await within(heard, patienceMs, () => false);
  } finally {
    await stop();
  }
}
