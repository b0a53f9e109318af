import { nodeCrypto } from '@twiceproof/core/toolkit';
import type { RedisSubscriber } from './client.ts';
import { openSubscriber, type SubscriberSource } from './open-subscriber.ts';

/** What is heard on a channel, for as long as it is not closed. */
export interface Hearing {
  /** False while messages may be missed. */
  readonly isCertain: boolean;
  close(): void;
}

export interface HearingEvents {
  heard(message: string): void;
  /** Told when it hears again: messages may have been missed until now. */
  regained(): void;
}

interface Publisher extends SubscriberSource {
  publish(channel: string, message: string): Promise<unknown>;
}

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Listens to a channel, and proves to itself that it hears: it publishes to a channel of its own, by the
 * connection on which the other messages are published, and waits for it on the one that listens. What
 * cannot be heard in time, a lost connection as much as a silent one, is given up for a new connection.
 */
export function listen(
  client: Publisher,
  channel: string,
  { heard, regained }: HearingEvents,
  proofEveryMs = 5_000,
): Hearing {
  const proofs = `${channel}:${nodeCrypto().randomUUID()}`;
  let connection: RedisSubscriber | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = firstPauseMs;
  let proof = '';
  let isCertain = false;
  let hasHeard = false;
  let isClosed = false;

  const later = (ms: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
    timer.unref();
  };
  const give = () => {
    proof = nodeCrypto().randomUUID();
    // What is not published is not heard, which is what counts.
    client.publish(proofs, proof).catch(() => {});
    later(proofEveryMs, lost);
  };
  const proven = () => {
    proof = '';
    pauseMs = firstPauseMs;
    const wasCertain = isCertain;
    isCertain = true;
    if (hasHeard && !wasCertain) regained();
    hasHeard = true;
    later(proofEveryMs, give);
  };
  const lost = () => {
    isCertain = false;
    proof = '';
    const ended = connection;
    connection = undefined;
    ended?.disconnect();
    if (isClosed) return;
    later(pauseMs, open);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  };
  const open = () => {
    // A connection that comes to nothing must not be waited for.
    later(proofEveryMs, lost);
    try {
      const opened = openSubscriber(client);
      connection = opened;
      const isCurrent = () => connection === opened;
      opened.on('message', (on, message) => {
        if (!isCurrent()) return;
        if (on === channel) heard(message);
        else if (on === proofs && message === proof && proof !== '') proven();
      });
      opened.on('end', () => {
        if (isCurrent()) lost();
      });
      opened.subscribe(channel, proofs).then(
        () => {
          if (isCurrent()) give();
        },
        () => {
          if (isCurrent()) lost();
        },
      );
    } catch {
      // A Cluster that knows no node yet connects for the first command.
      client.publish(proofs, '').catch(() => {});
      lost();
    }
  };

  open();
  return {
    get isCertain() {
      return isCertain;
    },
    close() {
      isClosed = true;
      lost();
      clearTimeout(timer);
    },
  };
}
