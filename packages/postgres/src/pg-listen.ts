import { giveBack } from './check-out.ts';
import type { PostgresConnection, PostgresNotification } from './client.ts';
import type { Database } from './database.ts';

/** Hears notifications on a connection that is kept for it. */
export function pgListen(
  take: () => Promise<PostgresConnection>,
  ask: (connection: PostgresConnection, text: string) => Promise<unknown>,
): NonNullable<Database['listen']> {
  return async (channel, onNotification, onEnd) => {
    const connection = await take();
    const onMessage = (message: PostgresNotification) => onNotification(message.payload ?? '');
    let isOver = false;
    const end = (fault?: unknown) => {
      if (isOver) return;
      isOver = true;
      connection.removeListener('notification', onMessage);
      connection.removeListener('error', onError);
      giveBack(connection, fault);
    };
    const onError = (error: Error) => {
      end(error);
      onEnd();
    };
    connection.on('notification', onMessage);
    connection.on('error', onError);
    try {
      await ask(connection, `LISTEN ${channel}`);
    } catch (error) {
      end(error);
      throw error;
    }
    return async () => {
      if (isOver) return;
      await ask(connection, `UNLISTEN ${channel}`).then(() => end(), end);
    };
  };
}
