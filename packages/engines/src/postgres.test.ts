import { Client } from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startPostgres } from './postgres.ts';
import { processTree, signal } from './process-tree.ts';

afterEach(() => vi.unstubAllEnvs());

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

describe.each([15, 18] as const)('Postgres %i', (version) => {
  test('serves, and leaves nothing when it is stopped', async () => {
    const postgres = await startPostgres({ version, own: true });
    const rows = await query(postgres.url, 'SHOW server_version_num');
    expect(rows).toEqual([{ server_version_num: expect.stringMatching(`^${version}`) }]);
    const tree = processTree(postgres.pid);
    expect(tree.length).toBeGreaterThan(1);

    await postgres.stop();

    expect(tree.filter((pid) => signal(pid, 0))).toEqual([]);
  });

  test('is killed like in a crash and restarted with its data', async () => {
    const postgres = await startPostgres({ version, config: { max_connections: '7' } });
    await query(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await postgres.kill();
    await postgres.restart();
    expect(await query(postgres.url, 'SELECT * FROM kept')).toEqual([{ one: 1 }]);
    expect(await query(postgres.url, 'SHOW max_connections')).toEqual([{ max_connections: '7' }]);
    await postgres.stop();
  });
});

test('the Postgres of POSTGRES_URL is used as it is', async () => {
  vi.stubEnv('POSTGRES_URL', 'postgres://someone@elsewhere:6000/theirs');
  const postgres = await startPostgres();
  expect(postgres).toMatchObject({ url: 'postgres://someone@elsewhere:6000/theirs', port: 6000 });
  await postgres.stop();
});
