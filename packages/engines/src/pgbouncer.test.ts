import { Client } from 'pg';
import { expect, test } from 'vitest';
import { startPgbouncer } from './pgbouncer.ts';
import { startPostgres } from './postgres.ts';

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('a pooler passes on what it is asked, and gives a connection to another client', async () => {
  const postgres = await startPostgres({ own: true });
  const pooler = await startPgbouncer({ target: postgres.url });
  const pid = () => ask(pooler.url, 'SELECT pg_backend_pid() AS pid');
  expect(await pid()).toEqual(await pid());
  await pooler.stop();
  await expect(pid()).rejects.toThrow();
  await postgres.stop();
});
