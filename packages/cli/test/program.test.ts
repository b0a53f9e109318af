import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  backends,
  claim,
  closeStoresAfterwards,
  execute,
  fail,
  newApplication,
} from './backends.ts';
import { newFolder, removeFoldersAfterwards } from './folders.ts';
import { bin, twiceproof, twiceproofJson } from './run-cli.ts';

closeStoresAfterwards();
removeFoldersAfterwards();

// What each command does is told elsewhere, most of it without a process of its own.
describe.each(backends)('as a program on $name', (backend) => {
  test('every command works', async () => {
    const { url, idempotency } = await newApplication(backend);
    const done = await execute(idempotency, 'charge', 'p-1', () => ({ paid: 10n }));
    const failed = await execute(idempotency, 'charge', 'p-2', fail);
    const ended = (...args: string[]) => twiceproof([...args, '--store', url]);

    const again = await ended('setup');
    expect(again).toMatchObject({ code: 0 });
    const listed = await ended('list', '--quiet', '--status', 'failed');
    expect(listed).toEqual({ code: 0, stdout: `${failed}\n`, stderr: '' });
    const forged = await ended('list', '--cursor', 'nonsense');
    const refused = expect.stringMatching(/^twiceproof: [^\n]*cursor[^\n]*\n$/);
    expect(forged).toEqual({ code: 2, stdout: '', stderr: refused });
    const computed = await twiceproof(['id', 'charge', 'p-1', '-e', 'prod']);
    expect(computed).toEqual({ code: 0, stdout: `${done}\n`, stderr: '' });
    const shown = await ended('show', done, '--result');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('{ paid: 10n }');
    expect(await twiceproofJson(['stats', '--store', url])).toEqual({
      operations: [
        {
          operation: 'charge',
          in_progress: 0,
          completed: 1,
          failed: 1,
          stuck: 0,
          held: 0,
          unknown: 0,
        },
      ],
    });
    // The Redis of the tests forgets everything when it stops.
    expect(await ended('verify')).toMatchObject({ code: backend.name === 'Redis' ? 1 : 0 });
    expect(await ended('sweep')).toMatchObject({ code: 0, stderr: '' });

    const extended = await ended('extend', done, '-r', 'forever', '--yes');
    expect(extended).toEqual({ code: 0, stdout: `extended ${done}\n`, stderr: '' });
    expect((await idempotency.records.get(done))!.expiresAt).toBe(undefined);
    const completed = await twiceproof(['complete', failed, '-', '--store', url, '--yes'], {
      input: '{"by":"hand"}',
    });
    expect(completed).toEqual({ code: 0, stdout: `completed ${failed}\n`, stderr: '' });
    expect(await idempotency.records.result(failed)).toEqual({ by: 'hand' });
    const released = await ended('release', done, '--yes');
    expect(released).toEqual({ code: 0, stdout: `released ${done}\n`, stderr: '' });
    expect(await idempotency.records.get(done)).toMatchObject({ status: 'failed' });
    const deleted = await ended('delete', done, failed, '--yes');
    expect(deleted.stdout).toBe(`deleted ${done}\ndeleted ${failed}\n`);
    expect((await idempotency.records.list()).records).toEqual([]);
  });
});

describe('where nobody reads any more what a command says', () => {
  const ended = async (args: readonly string[]) => {
    const child = spawn(process.execPath, [bin, ...args]);
    child.stdout.destroy();
    child.stderr.destroy();
    const [code] = await once(child, 'close');
    return code;
  };

  test('it does what was asked for', async () => {
    const { url, idempotency } = await newApplication(backends[0]!);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await execute(idempotency, 'charge', `p-${n}`, fail));
    expect(await ended(['delete', ...ids, '--yes', '--store', url])).toBe(0);
    expect((await idempotency.records.list()).records).toEqual([]);
  });

  test('it goes on after what could not be done', async () => {
    const application = await newApplication(backends[0]!);
    const { url, idempotency } = application;
    const { id: executing } = await claim(application, 'o-1', 600_000);
    const done: string[] = [];
    for (let n = 0; n < 5; n += 1) done.push(await execute(idempotency, 'charge', `p-${n}`));
    expect(await ended(['release', executing, ...done, '--yes', '--store', url])).toBe(1);
    const { records } = await idempotency.records.list({ operation: 'charge' });
    expect(records.map(({ status }) => status)).toEqual(Array(5).fill('failed'));
  });
});

test.each([
  ['cannot be written to', '/dev/null/nobody'],
  ['takes no folders', '/proc'],
  ['is not said', ''],
])('it runs where the home of its user %s', async (_why, home) => {
  const cwd = newFolder();
  const { code, stderr } = await twiceproof(['id', 'charge', 'p-1', '-e', 'prod'], {
    cwd,
    env: { HOME: home },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
