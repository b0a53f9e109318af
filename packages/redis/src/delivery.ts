import type { StoreOptions } from '@twiceproof/core';
import { untilAborted } from '@twiceproof/core/toolkit';
import type { RedisClient, RedisNode } from './client.ts';
import { servingMaster } from './serving-master.ts';
import { straightCommand } from './straight-command.ts';

/**
 * Sends what is about a key, and waits for the answer until the signal aborts. A client without a
 * connection would queue the request, and send it long after its caller has given up: so a question
 * without consequences goes first, and what was given up meanwhile is not sent at all.
 *
 * Core makes its signal only if it is read, and gives up by itself on an answer that does not come:
 * with a connection, only a signal that is there already is listened to.
 */
type Deliver = <Answer>(
  key: string,
  options: StoreOptions | undefined,
  send: () => Promise<Answer>,
) => Promise<Answer>;

export interface Delivery {
  readonly deliver: Deliver;
  /** Whether a client of one server has a connection now. */
  isConnected(): boolean;
}

export function createDelivery(client: RedisClient, keyPrefix: string): Delivery {
  return {
    isConnected: () => isConnected(client),
    deliver(key, options, send) {
      const node = client.status === 'ready' && servingMaster(client, keyPrefix + key);
      if (node && isConnected(node)) {
        if (options === undefined || !Object.hasOwn(options, 'signal')) return send();
        return untilAborted(options.signal, send);
      }
      const signal = options?.signal;
      return untilAborted(signal, async () => {
        await knock(client, key);
        signal?.throwIfAborted();
        return send();
      });
    },
  };
}

/** Resolves once the server that decides about the key has answered. */
export async function knock(client: RedisClient, key: string): Promise<void> {
  if (client.nodes === undefined) await client.ping();
  // What names a key, and is no read that a replica could answer, goes where a claim would go.
  else await straightCommand(client, 'eval')('return 1', 1, key);
}

function isConnected({ status, stream }: RedisNode): boolean {
  return status === 'ready' && stream?.writable !== false;
}
