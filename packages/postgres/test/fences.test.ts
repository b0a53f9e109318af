import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@twiceproof/engines';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { postgresStore } from '../src/index.ts';
import { transactional } from '../src/transactional.ts';
import { newPool } from './databases.ts';

for (const version of [18, 15] as const) {
  test(`a Postgres ${version} that crashes within executions hands out no fence again`, async () => {
    const engine = await startPostgres({ version, own: true });
    try {
      const claim = newClaim();
      const fences: number[] = [];
      for (let execution = 0; execution < 3; execution += 1) {
        const client = newPool({ connectionString: engine.url });
        await postgresStore({ client }).setup();
        const { store } = transactional({ client });
        const { status, record } = await store.acquire(rivalOf(claim));
        expect(status).toBe('acquired');
        fences.push(record.fence);
        await engine.kill();
        await engine.restart();
      }
      expect(fences).toEqual(fences.toSorted((a, b) => a - b));
      expect(new Set(fences).size).toBe(3);
    } finally {
      await engine.stop();
    }
  });
}

test('nor does a PGlite on disk whose process is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-fences-'));
  const program = fileURLToPath(new URL('killed-execution.ts', import.meta.url));
  try {
    const fences: number[] = [];
    for (let execution = 0; execution < 3; execution += 1) {
      const child = spawn(process.execPath, [program, join(folder, 'data')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [fence] = await once(child.stdout!, 'data');
      fences.push(Number(String(fence)));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(3);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('executions of one record in several processes have fences in the order in which they ran', async () => {
  const engine = await startPostgres({ own: true });
  try {
    const pools = Array.from({ length: 4 }, () =>
      newPool({ connectionString: engine.url, max: 1 }),
    );
    await postgresStore({ client: pools[0]! }).setup();
    const stores = pools.map((client) =>
      transactional({ client, lockWait: '60s', timeout: '60s' }),
    );
    const claim = newClaim();
    const fences: number[] = [];
    const error = { name: 'Error', message: 'again' };
    await Promise.all(
      stores.map(async ({ store }) => {
        for (let execution = 0; execution < 10; execution += 1) {
          const { status, record } = await store.acquire(rivalOf(claim));
          if (status !== 'acquired') throw new Error('not acquired');
          fences.push(record.fence);
          await store.release(claim.id, record.token, { error, retentionMs: 60_000 });
        }
        await store.close?.();
      }),
    );
    expect(fences).toHaveLength(40);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  } finally {
    await engine.stop();
  }
});
