import { Redis } from 'ioredis';
import { describe, expect, inject, test } from 'vitest';
import { backends, closeStoresAfterwards, execute, newApplication } from './backends.ts';
import { fakeTerminal } from './fake-terminal.ts';
import { runMain } from './run-main.ts';

closeStoresAfterwards();

describe.each(backends)('on $name', (backend) => {
  test('a record of a newer version can be deleted, and nothing else', async () => {
    const { url, store, idempotency } = await newApplication(backend);
    const { stdout } = await runMain(['id', 'charge', 'p-1', '-e', 'prod']);
    const id = stdout.trim();
    await store.acquire({
      id,
      environment: 'prod',
      operation: 'charge',
      run: 0,
      token: 'newer',
      leaseMs: 1,
      retentionMs: 60_000,
      abandoned: 'hold',
      formatVersion: 99,
    });
    for (const change of [
      ['release', id],
      ['complete', id, '1'],
    ]) {
      const refused = await runMain([...change, '--store', url, '--yes']);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^twiceproof: [^\n]*newer version of Twiceproof[^\n]*\n$/);
    }
    const deleted = await runMain(['delete', id, '--store', url, '--yes']);
    expect(deleted).toMatchObject({ code: 0, stdout: `deleted ${id}\n` });
    expect(await store.get(id)).toBe(undefined);
    expect(await execute(idempotency, 'charge', 'p-1')).toBe(id);
  });
});

test('a damaged record says so, and can be deleted', async () => {
  const redis = backends.find(({ name }) => name === 'Redis')!;
  const { url, store, idempotency } = await newApplication(redis);
  const id = await execute(idempotency, 'charge', 'p-1');
  const client = new Redis(inject('redis'));
  const key = `${new URL(url).searchParams.get('prefix')}:${id}`;
  await client.set(key, (await client.getrangeBuffer(key, 0, 20))!, 'KEEPTTL');
  client.disconnect();

  const shown = await runMain(['show', id, '--store', url]);
  expect(shown).toMatchObject({ code: 1, stdout: '' });
  expect(shown.stderr).toMatch(/^twiceproof: [^\n]*delete[^\n]*\n$/);

  const screen = fakeTerminal();
  const code = screen.run('delete', id, '--store', url);
  await screen.answer('y');
  expect(await code).toBe(0);
  expect(screen.stderr()).toContain(`  ${id}
    what Redis holds for ${id} is not a record`);

  expect(await store.get(id)).toBe(undefined);
});
