import { downstreamKeyOf, downstreamUuidOf, outcomeUnknown } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import {
  type Application,
  backends,
  claim,
  closeStoresAfterwards,
  execute,
  newApplication,
} from './backends.ts';
import { importable, newFolder, removeFoldersAfterwards } from './folders.ts';
import { twiceproof } from './run-cli.ts';
import { runMain, runMainJson } from './run-main.ts';

removeFoldersAfterwards();
closeStoresAfterwards();

const redis = backends.find(({ name }) => name === 'Redis')!;

function lose(): never {
  throw outcomeUnknown(new Error('no answer in 30 s'));
}

/** A configuration of the records at a Redis URL, with this probe. */
function configOf(url: string, probe: string): string {
  return newFolder({
    'twiceproof.config.mjs': `
import { Redis } from '${importable('ioredis')}';
import { redisStore } from '${importable('@twiceproof/redis')}';
import { defineConfig } from '${importable('@twiceproof/cli')}';
const client = new Redis('${url.split('?')[0]}');
const prefix = '${new URL(url).searchParams.get('prefix')}';
export default defineConfig({
  environment: 'prod',
  store: redisStore({ client, prefix }),
  ${probe === '' ? '' : `probe: ${probe},`}
  close: () => client.quit(),
});
`,
  });
}

async function lost(): Promise<Application & { readonly ids: readonly string[] }> {
  const application = await newApplication(redis);
  const ids: string[] = [];
  for (const key of ['done', 'absent', 'open', 'broken']) {
    ids.push(await execute(application.idempotency, 'charge', key, lose));
  }
  return { ...application, ids };
}

describe('reconcile', () => {
  test('asks about those of one status alone where that is given', async () => {
    const application = await lost();
    await claim(application, 'held', 1);
    const cwd = configOf(application.url, "() => ({ completed: 'found' })");
    await expect
      .poll(async () => (await application.store.list({ stuck: true, limit: 9 })).records)
      .toHaveLength(5);
    const ended = await twiceproof(['reconcile', '--status', 'held', '--yes'], { cwd });
    expect(ended).toMatchObject({ code: 0, stdout: 'asked about 1 record: 1 completed\n' });
  });

  test('asks the probe of the configuration about every abandoned record, and tells what came of it', async () => {
    const { url, idempotency, ids } = await lost();
    const cwd = configOf(
      url,
      `{ charge: async ({ keyPreview, downstreamKey, downstreamUuid }) => {
        if (keyPreview === 'done') return { completed: { downstreamKey, downstreamUuid } };
        if (keyPreview === 'absent') return 'reexecute';
        if (keyPreview === 'open') return 'hold';
        throw new Error('the provider is away');
      } }`,
    );
    const args = ['reconcile', '--unknown', '--yes', '--by', 'ada', '--reason', 'OPS-1'];
    const ended = await twiceproof(args, { cwd });
    expect(ended.stdout).toBe(
      'asked about 4 records: 1 completed, 1 released, 1 goes on waiting, 1 could not be asked about\n',
    );
    expect(ended.stderr).toContain('the probe failed: the provider is away');
    expect(ended.code, 'not all of them are settled').toBe(1);
    const [done, absent, open] = await Promise.all(ids.map((id) => idempotency.records.get(id)));
    expect(done).toMatchObject({ status: 'completed', settledBy: { by: 'ada', reason: 'OPS-1' } });
    expect(done?.expiresAt, 'it is kept until someone deletes it').toBe(undefined);
    expect(absent).toMatchObject({ status: 'failed', settledBy: { by: 'ada' } });
    expect(open).toMatchObject({
      status: 'in_progress',
      lastError: { message: expect.any(String) },
    });
    expect(await idempotency.records.result(ids[0]!)).toMatchObject({
      downstreamKey: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test('has nothing to do where nothing is abandoned, and says what it needs', async () => {
    const { url } = await newApplication(redis);
    const none = await twiceproof(['reconcile', '--yes'], { cwd: configOf(url, "() => 'hold'") });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    const without = await twiceproof(['reconcile', '--yes'], { cwd: configOf(url, '') });
    expect(without).toMatchObject({ code: 2, stdout: '' });
    expect(without.stderr).toMatch(/^twiceproof: reconcile needs a probe; give one in [^\n]+\n$/);
    const byUrl = ['reconcile', '--yes', '--store', url];
    const elsewhere = await twiceproof(byUrl, { cwd: configOf(url, "() => 'hold'") });
    expect(elsewhere).toMatchObject({ code: 2, stdout: '' });
    expect(elsewhere.stderr).toContain('leave out --store');
    const wrong = await twiceproof(['list'], { cwd: configOf(url, "'later'") });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
  });
});

test('an unknown outcome is a state of its own in list, stats and show, with what to do next', async () => {
  const { url, ids } = await lost();
  const listed = await runMain(['list', '--unknown', '--store', url]);
  expect(listed.stdout.match(/ unknown /g)).toHaveLength(4);
  expect(await runMainJson(['stats', '--store', url])).toMatchObject({
    operations: [{ operation: 'charge', in_progress: 4, stuck: 4, held: 0, unknown: 4 }],
  });
  const counted = await runMain(['stats', '--store', url]);
  expect(counted.stdout).toMatch(/STUCK +HELD +UNKNOWN/);
  expect(counted.stderr).toContain('HELD and UNKNOWN are parts of STUCK');
  const shown = await runMain(['show', ids[0]!, '--store', url]);
  expect(shown.stdout).toMatch(/next +nobody knows whether its effect happened/);
  expect(shown.stdout).toContain('no answer in 30 s');
  const handed = {
    downstreamKey: downstreamKeyOf(ids[0]!),
    downstreamUuid: downstreamUuidOf(ids[0]!),
  };
  expect(shown.stdout).toContain(`${handed.downstreamKey}, as a UUID ${handed.downstreamUuid}\n`);
  expect(await runMainJson(['show', ids[0]!, '--store', url])).toMatchObject(handed);
});

test('a workflow is released with its steps or without them, and says what that comes to', async () => {
  const { url, idempotency } = await newApplication(redis);
  const runs = { body: 0, step: 0 };
  const fulfil = idempotency.workflow(
    async (order: { id: string }, step) => {
      runs.body += 1;
      return step('charge', () => {
        runs.step += 1;
        return order.id;
      });
    },
    { operation: 'fulfil', key: (order) => order.id },
  );
  await fulfil({ id: 'o-1' });
  const id = await fulfil.idOf({ id: 'o-1' });
  const steps = await runMain(['list', '-q', '--workflow', id, '--store', url]);
  expect(steps.stdout).toMatch(/^prod\/fulfil\.charge\/0\/[\w-]{43}\n$/);
  const step = await runMain(['show', steps.stdout.trim(), '--store', url]);
  expect(step.stdout).toContain(id);

  await runMain(['release', id, '--yes', '--store', url]);
  await fulfil({ id: 'o-1' });
  expect(runs, 'its step was replayed').toEqual({ body: 2, step: 1 });
  await runMain(['release', id, '--steps', '--yes', '--store', url]);
  await fulfil({ id: 'o-1' });
  expect(runs).toEqual({ body: 3, step: 2 });
  await runMain(['delete', id, '--steps', '--yes', '--store', url]);
  expect((await runMain(['list', '-q', '--store', url])).stdout).toBe('');
  const bulk = await runMain(['release', '--where', '-o', 'fulfil', '--steps', '--store', url]);
  expect(bulk).toMatchObject({ code: 2 });
});

test('what is completed by hand is kept until someone deletes it, and tells who did it and why', async () => {
  const { url, idempotency } = await newApplication(redis);
  const fail = () => {
    throw new Error('gateway is down');
  };
  const id = await execute(idempotency, 'charge', 'p-1', fail);
  const attributed = ['--by', 'ada', '--reason', 'charged by phone'];
  await runMain(['complete', id, '{"paid":1}', '--yes', ...attributed, '--store', url]);
  const { stdout } = await runMain(['show', id, '--store', url]);
  expect(stdout).toMatch(/expires +never/);
  expect(stdout).toMatch(/settled by +ada: charged by phone/);
  const other = await execute(idempotency, 'charge', 'p-2', fail);
  await runMain(['complete', other, '--yes', '-r', '7d', '--store', url]);
  expect((await idempotency.records.get(other))?.expiresAt).toBeGreaterThan(Date.now());
});
