import type { PgliteClient } from './client.ts';
import type { Database, Row } from './database.ts';
import { withinTimeout } from './deadline.ts';

const readCommitted = 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED';
const busy = 'PGlite did not answer; a transaction may hold it';

/** PGlite has one session and does one thing at a time; there is no connection to close. */
export function pgliteDatabase(client: PgliteClient, timeoutMs: number): Database {
  return {
    async query(text, params) {
      const { rows } = await withinTimeout(client.query(text, params), timeoutMs, busy);
      return rows as Row[];
    },

    async transaction(run) {
      let isGivenUp = false;
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const over = client.transaction(async (tx) => {
        if (isGivenUp) throw new Error('nobody waits for this transaction any more');
        begin();
        await tx.query(readCommitted);
        return run(tx);
      });
      try {
        await withinTimeout(Promise.race([begun, over]), timeoutMs, busy);
      } catch (error) {
        isGivenUp = true;
        over.catch(() => {});
        throw error;
      }
      return over;
    },

    async beside(tx, text) {
      const { rows } = await tx.query(text);
      // The instance is ours until PGlite ends what it believes to be the transaction that it began.
      await tx.query('COMMIT');
      await tx.query('BEGIN');
      await tx.query(readCommitted);
      return rows[0] as Row;
    },

    sessionState: undefined,
    isWaitedFor: () => true,

    async listen(channel, onNotification) {
      const stop = await client.listen(channel, onNotification);
      return async () => {
        await stop();
      };
    },

    async close() {},
  };
}
