import { nodeCrypto, within } from '@twiceproof/core/toolkit';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Requests } from './requests.ts';

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

export function createHearing(
  requests: Requests,
  { channel }: Names,
  onHeard: () => void,
): Hearing {
  const mine = `${mark}${nodeCrypto().randomUUID()}`;
  return {
    hear(payload) {
      if (payload === mine) onHeard();
      return payload.startsWith(mark);
    },
    async ask() {
      await requests.one(`SELECT pg_notify('${channel}', $1)`, [mine]);
    },
  };
}

/** Tries for a moment whether notifications arrive. */
export async function hearsNotifications(
  listen: Listen,
  requests: Requests,
  names: Names,
  patienceMs: number,
): Promise<boolean> {
  const { promise: answered, resolve } = Promise.withResolvers<boolean>();
  const hearing = createHearing(requests, names, () => resolve(true));
  const stop = await listen(names.channel, hearing.hear, () => resolve(false));
  try {
    const heard = hearing.ask().then(() => answered);
    return await within(heard, patienceMs, () => false);
  } finally {
    await stop();
  }
}
