import type { PgliteClient } from './client.ts';
import type { Database, Row } from './database.ts';
import { within } from './deadline.ts';

/** PGlite has one session and does one thing at a time; there is no connection to close. */
export function pgliteDatabase(client: PgliteClient, timeoutMs: number): Database {
  return {
    async query(text, params) {
      const { rows } = await within(
        client.query(text, params),
        timeoutMs,
        'PGlite did not answer; a transaction may hold it',
      );
      return rows as Row[];
    },

    transaction(run) {
      return client.transaction(async (tx) => {
        await tx.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
        return run(tx);
      });
    },

    async listen(channel, onNotification) {
      const stop = await client.listen(channel, onNotification);
      return async () => {
        await stop();
      };
    },
  };
}
