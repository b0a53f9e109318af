import { IdempotencyError, type StoreOptions } from '@twiceproof/core';
import { untilAborted } from '@twiceproof/core/toolkit';
import type { MysqlClient, MysqlConnection } from './client.ts';
import { explained, isLostRace, isWrongServer, leavesConnectionUsable } from './faults.ts';
import type { StoreContext } from './store-context.ts';

/** Somebody else was faster, and the request has to look again. */
export const overtaken: unique symbol = Symbol('overtaken');

/** What a request does on a connection of its own. */
export type Work<Answer> = (connection: MysqlConnection) => Promise<Answer | typeof overtaken>;

/** Each lost race is somebody else's progress: this many at once are a defect. */
const mostRaces = 100;
/** As many as a pool has, unless it was told otherwise. */
const mostWrongServers = 10;

/**
 * Does the work on a connection of the pool, again after each lost race, and on another connection where
 * one leads to the wrong server. A request whose caller has given up does nothing more: one that waits for
 * a connection gives it back, and one that was sent takes its connection with it, which nobody could tell
 * from one that hangs.
 */
export async function onConnection<Answer>(
  { client, table }: Pick<StoreContext, 'client' | 'table'>,
  signal: StoreOptions['signal'],
  work: Work<Answer>,
): Promise<Answer> {
  let wrongServers = 0;
  let lost: unknown;
  for (let races = 0; races < mostRaces; races += 1) {
    try {
      const answer = await once(client, signal, work);
      if (answer !== overtaken) return answer;
      lost = new Error('every write was overtaken by another one');
    } catch (error) {
      if (isWrongServer(error)) wrongServers += 1;
      if (!(isLostRace(error) || isWrongServer(error)) || wrongServers > mostWrongServers) {
        throw explained(error, table);
      }
      lost = error;
    }
  }
  throw explained(lost, table);
}

async function once<Answer>(
  client: MysqlClient,
  signal: StoreOptions['signal'],
  work: Work<Answer>,
): Promise<Answer | typeof overtaken> {
  const connection = await connectionOf(client, signal);
  let isUsable = true;
  try {
    return await untilAborted(signal, () => work(connection));
  } catch (error) {
    isUsable = leavesConnectionUsable(error);
    throw error;
  } finally {
    if (isUsable) connection.release();
    else connection.destroy();
  }
}

async function connectionOf(
  client: MysqlClient,
  signal: StoreOptions['signal'],
): Promise<MysqlConnection> {
  signal?.throwIfAborted();
  const coming = client.getConnection();
  try {
    return await untilAborted(signal, () => coming);
  } catch (error) {
    // One that comes yet goes back.
    coming.then(
      (late) => late.release(),
      () => {},
    );
    throw error;
  }
}

/** Without it, what was answered would never be committed. */
export function refuseManualCommit(): IdempotencyError<'STORE_UNAVAILABLE'> {
  return new IdempotencyError(
    'STORE_UNAVAILABLE',
    'the sessions of the pool have autocommit off; give the store a pool of its own with autocommit on',
  );
}
