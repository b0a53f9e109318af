import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signal } from './process-tree.ts';
import { until } from './until.ts';

/** Runs a program that starts a Redis and a Postgres, then `then`; answers what it started. */
async function programThat(then: string) {
  const source = `
    import { startPostgres } from '${join(import.meta.dirname, 'postgres.ts')}';
    import { startRedis } from '${join(import.meta.dirname, 'redis.ts')}';
    import { readlinkSync } from 'node:fs';
    const engines = await Promise.all([startRedis({ own: true }), startPostgres({ own: true })]);
    console.log(JSON.stringify(
      engines.map(({ pid }) => ({ pid, folder: readlinkSync('/proc/' + pid + '/cwd') })),
    ));
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  const engines: { pid: number; folder: string }[] = JSON.parse(String(line));
  return { child, exited, engines };
}

const forever = 'setInterval(() => {}, 1_000);';

async function nothingIsLeft(engines: { pid: number; folder: string }[]): Promise<void> {
  await until('the engines are gone', async () => !engines.some(({ pid }) => signal(pid, 0)));
  expect(engines.filter(({ folder }) => existsSync(folder))).toEqual([]);
}

test.concurrent('a program that exits leaves no engine and no data', async () => {
  const { exited, engines } = await programThat('process.exit(3);');
  expect(await exited).toEqual([3, null]);
  await nothingIsLeft(engines);
});

test.concurrent('a program that forgot to stop its engines still ends by itself', async () => {
  const { exited, engines } = await programThat('');
  expect(await exited).toEqual([0, null]);
  await nothingIsLeft(engines);
});

test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a program ended by %s leaves no engine and no data',
  async (name) => {
    const { child, exited, engines } = await programThat(forever);
    child.kill(name);
    expect(await exited).toEqual([null, name]);
    await nothingIsLeft(engines);
  },
);

test.concurrent('a program that handles the signal itself keeps its engines until it exits', async () => {
  const { child, exited, engines } = await programThat(`
    process.on('SIGTERM', async () => {
      for (const engine of engines) await engine.stop();
      process.exit(4);
    });
    ${forever}`);
  child.kill('SIGTERM');
  expect(await exited).toEqual([4, null]);
  await nothingIsLeft(engines);
});

test.concurrent('a program that is killed leaves no engine running', async () => {
  const { child, exited, engines } = await programThat(forever);
  child.kill('SIGKILL');
  await exited;
  await until('the engines are gone', async () => !engines.some(({ pid }) => signal(pid, 0)));
  // Their data nobody could remove.
  for (const { folder } of engines) await rm(folder, { recursive: true });
});
