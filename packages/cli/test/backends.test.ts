import { setTimeout as sleep } from 'node:timers/promises';
import type { IdempotencyRecord } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import {
  backends,
  claim,
  closeStoresAfterwards,
  execute,
  fail,
  newApplication,
} from './backends.ts';
import { runMain, runMainJson } from './run-main.ts';

closeStoresAfterwards();

interface Listed {
  readonly records: readonly IdempotencyRecord[];
  readonly cursor: string | null;
}

describe.each(backends)('on $name', (backend) => {
  test('setup creates what the store needs, as often as it is asked to', async () => {
    const url = backend.newUrl();
    const before = await runMain(['list', '--store', url]);
    if (backend.name === 'Redis') {
      expect(before.code).toBe(0);
    } else {
      expect(before).toMatchObject({ code: 3, stdout: '' });
      expect(before.stderr).toMatch(
        /^twiceproof: .* its (table|file) is not there; .*twiceproof setup.*\n$/,
      );
    }
    expect(await runMain(['setup', '--store', url])).toMatchObject({ code: 0 });
    expect(await runMain(['setup', '--store', url])).toMatchObject({ code: 0 });
    const after = await runMain(['list', '--store', url]);
    expect(after).toEqual({ code: 0, stdout: '', stderr: 'no records match\n' });
  });

  test('list answers what matches every filter', async () => {
    const application = await newApplication(backend);
    const { url, idempotency } = application;
    const paid = await execute(idempotency, 'charge', 'p-1');
    const failed = await execute(idempotency, 'charge', 'p-2', fail);
    const staged = await execute(application.in('staging'), 'charge', 'p-3');
    const stuck = await claim(application, 'o-1', 1, 'reexecute');
    const held = await claim(application, 'o-3', 1);
    await claim(application, 'o-2', 600_000);
    const ids = async (...filters: string[]) => {
      const { stdout } = await runMain(['list', '--store', url, '--quiet', ...filters]);
      return stdout.split('\n').filter(Boolean).sort();
    };
    expect(await ids()).toHaveLength(6);
    expect(await ids('--environment', 'staging')).toEqual([staged]);
    expect(await ids('--operation', 'charge', '--environment', 'prod')).toEqual(
      [paid, failed].sort(),
    );
    expect(await ids('--status', 'failed')).toEqual([failed]);
    expect(await ids('--text', 'P-1')).toEqual([paid]);
    expect(await ids('--id-prefix', 'staging/')).toEqual([staged]);
    expect(await ids('--run', '1')).toEqual([]);
    expect(await ids('--scope', 'nobody')).toEqual([]);
    expect(await ids('--started-after', '1h')).toHaveLength(6);
    expect(await ids('--started-before', '1h')).toEqual([]);
    expect(await ids('--started-before', '2100-01-01')).toHaveLength(6);
    // DynamoDB waits for its clock margin before it calls a lease over.
    await expect
      .poll(() => ids('--stuck'), { timeout: 20_000 })
      .toEqual([stuck.id, held.id].sort());
    expect(await ids('--held')).toEqual([held.id]);
  });

  test('list goes on where it ended', async () => {
    const { url, idempotency } = await newApplication(backend);
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.push(await execute(idempotency, 'charge', `p-${n}`));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Listed = await runMainJson([
        ...['list', '--store', url, '--limit', '3'],
        ...(cursor === null ? [] : ['--cursor', cursor]),
      ]);
      expect(page.records.length).toBeLessThanOrEqual(3);
      seen.push(...page.records.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen.sort()).toEqual(ids.sort());
    const all = await runMainJson<Listed>(['list', '--store', url, '--all']);
    expect(all.records).toHaveLength(7);
    const some = await runMain(['list', '--store', url, '-n', '2']);
    expect(some.stderr).toMatch(/^2 records so far; go on with --cursor \S+\n$/);
  });

  test('show finds a record by its id, its beginning or its digest, and decodes the result when asked', async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1', () => ({ paid: 10n, at: new Date(0) }));
    const digest = id.slice(id.lastIndexOf('/') + 1);
    for (const given of [id, id.slice(0, -30), digest, digest.slice(0, 6)]) {
      const { stdout, code } = await runMain(['show', '--store', url, '--', given]);
      expect(code).toBe(0);
      expect(stdout).toContain(id);
      expect(stdout).toContain('completed');
      expect(stdout).not.toContain('1970');
    }
    const record = await runMainJson<object>(['show', id, '--store', url]);
    expect(record).toMatchObject({ id, status: 'completed', keyPreview: 'p-1', scope: null });
    expect(record).not.toHaveProperty('result');
    expect(await runMainJson(['show', id, '--store', url, '--result'])).toMatchObject({
      result: { kind: 'value', value: { paid: '10', at: '1970-01-01T00:00:00.000Z' } },
    });
    const { stdout } = await runMain(['show', id, '--store', url, '--result']);
    expect(stdout).toContain('paid: 10n');
  });

  test('release lets work run again', async () => {
    const { url, idempotency } = await newApplication(backend);
    let executed = 0;
    const charge = idempotency.wrap(async (_key: string) => ++executed, {
      operation: 'charge',
      key: (key) => key,
    });
    await charge('p-1');
    const id = await charge.idOf('p-1');
    const reason = ['--reason', 'wrong amount'];
    const released = await runMain(['release', id, '--store', url, '--yes', ...reason]);
    expect(released).toEqual({ code: 0, stdout: `released ${id}\n`, stderr: '' });
    const shown = await runMainJson<IdempotencyRecord>(['show', id, '--store', url]);
    expect(shown.lastError).toEqual({ name: 'Released', message: 'wrong amount' });
    expect(await charge('p-1')).toBe(2);
  });

  test('complete notes work as done', async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1', fail);
    const done = ['complete', id, '{"paid":"by hand"}', '--retention', '7d'];
    expect(await runMain([...done, '--store', url, '--yes'])).toMatchObject({ code: 0 });
    const { value, outcome } = await idempotency.execute({ operation: 'charge', key: 'p-1' }, fail);
    expect({ value, outcome }).toEqual({ value: { paid: 'by hand' }, outcome: 'replayed' });
    const record = await idempotency.records.get(id);
    expect(record!.expiresAt! - record!.completedAt!).toBeGreaterThan(6 * 86_400_000);
    const kept = await execute(idempotency, 'charge', 'p-2', fail);
    expect(await runMain(['complete', kept, '1', '--store', url, '--yes'])).toMatchObject({
      code: 0,
    });
    expect((await idempotency.records.get(kept))!.expiresAt).toBeUndefined();
    const again = await runMain(['complete', id, '1', '--store', url, '--yes']);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('completed already');
  });

  test('complete takes its value from stdin, or takes none', async () => {
    const { url, idempotency } = await newApplication(backend);
    const piped = await execute(idempotency, 'charge', 'p-1', fail);
    const none = await execute(idempotency, 'charge', 'p-2', fail);
    const options = ['--store', url, '--yes'];
    expect(await runMain(['complete', piped, '-', ...options], { input: '[1]' })).toMatchObject({
      code: 0,
    });
    expect(await runMain(['complete', none, ...options])).toMatchObject({ code: 0 });
    expect(await idempotency.records.result(piped)).toEqual([1]);
    expect(await idempotency.records.result(none)).toBe(undefined);
  });

  test('extend keeps records for longer, or for ever', async () => {
    const { url, idempotency } = await newApplication(backend);
    const ids = [
      await execute(idempotency, 'charge', 'p-1'),
      await execute(idempotency, 'charge', 'p-2', fail),
    ];
    const options = ['--store', url, '--yes'];
    expect(await runMain(['extend', ...ids, '-r', '30d', ...options])).toMatchObject({ code: 0 });
    for (const id of ids) {
      const { expiresAt } = (await idempotency.records.get(id))!;
      expect(expiresAt).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    }
    const forever = ['extend', ids[0]!, '-r', 'forever', ...options];
    expect(await runMainJson(forever)).toEqual({
      action: 'extend',
      results: [{ id: ids[0], done: true, why: null }],
    });
    expect((await idempotency.records.get(ids[0]!))!.expiresAt).toBe(undefined);
  });

  test('delete forgets records', async () => {
    const { url, idempotency } = await newApplication(backend);
    const ids = [
      await execute(idempotency, 'charge', 'p-1'),
      await execute(idempotency, 'charge', 'p-2', fail),
    ];
    const deleted = await runMain(['delete', ...ids, '--store', url, '--yes']);
    expect(deleted).toMatchObject({ code: 0, stdout: ids.map((id) => `deleted ${id}\n`).join('') });
    for (const id of ids) expect(await idempotency.records.get(id)).toBe(undefined);
  });

  test('release, extend and delete act on all that match, and on nothing else', async () => {
    const application = await newApplication(backend);
    const { url, idempotency } = application;
    for (let n = 0; n < 5; n += 1) await execute(idempotency, 'charge', `p-${n}`);
    const mail = await execute(idempotency, 'mail', 'm-1');
    const staged = await execute(application.in('staging'), 'charge', 'p-1');
    const where = ['--where', '--operation', 'charge', '--environment', 'prod', '--store', url];
    expect(await runMainJson(['extend', ...where, '-r', 'forever', '--yes'])).toEqual({
      action: 'extend',
      matched: 5,
      changed: 5,
      skipped: 0,
    });
    const released = await runMain(['release', ...where, '--yes']);
    expect(released).toEqual({ code: 0, stdout: 'released 5 records\n', stderr: '' });
    const { records } = await idempotency.records.list({ operation: 'charge' });
    expect(records.map(({ status }) => status)).toEqual(Array(5).fill('failed'));
    for (const id of [mail, staged]) {
      expect(await idempotency.records.get(id)).toMatchObject({ status: 'completed' });
    }
    const none = await runMain(['release', '--where', '-o', 'nothing', '--store', url, '--yes']);
    expect(none).toMatchObject({ code: 0, stderr: 'no records match; nothing was changed\n' });
    const deleted = await runMain(['delete', ...where, '--status', 'failed', '--yes']);
    expect(deleted).toEqual({ code: 0, stdout: 'deleted 5 records\n', stderr: '' });
    const left = await idempotency.records.list({ environment: null });
    expect(left.records.map(({ id }) => id).sort()).toEqual([mail, staged].sort());
  });

  test('what is being executed is left alone, unless it is deleted', async () => {
    const application = await newApplication(backend);
    const { url, store } = application;
    const { id, token } = await claim(application, 'o-1', 600_000);
    for (const command of [
      ['release', id],
      ['complete', id, '1'],
    ]) {
      const refused = await runMain([...command, '--store', url, '--yes']);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^twiceproof: .* is being executed right now.*\n$/);
    }
    const extended = await runMain(['extend', id, '-r', '7d', '--store', url, '--yes']);
    expect(extended.stderr).toContain('is in progress');
    expect(extended.code).toBe(1);
    for (const verb of ['release', 'delete']) {
      const bulk = [verb, '--where', '--operation', 'ship', '--store', url, '--yes'];
      expect(await runMainJson(bulk, { code: 1 })).toMatchObject({ changed: 0, skipped: 1 });
    }
    expect(await store.renew(id, token, 600_000)).toBeDefined();
    expect(await runMain(['delete', id, '--store', url, '--yes'])).toMatchObject({ code: 0 });
    expect(await store.renew(id, token, 600_000)).toBe(undefined);
  });

  test('a record that changed since it was looked at is not changed', async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1', fail);
    const seen = await runMainJson<IdempotencyRecord>(['show', id, '--store', url]);
    await execute(idempotency, 'charge', 'p-1');
    for (const command of [
      ['release', id],
      ['delete', id],
      ['extend', id, '-r', '1d'],
    ]) {
      const versioned = [...command, '--if-version', seen.version, '--store', url, '--yes'];
      const refused = await runMain(versioned);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^twiceproof: nothing was changed: .* is completed now .*\n$/);
    }
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'completed' });
  });

  test('stats counts by operation and status', async () => {
    const application = await newApplication(backend);
    const { url, idempotency } = application;
    await execute(idempotency, 'charge', 'p-1');
    await execute(idempotency, 'charge', 'p-2', fail);
    await execute(application.in('staging'), 'charge', 'p-1');
    await claim(application, 'o-1', 600_000);
    const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };
    expect(await runMainJson(['stats', '--store', url])).toEqual({
      operations: [
        { operation: 'charge', ...none, completed: 2, failed: 1 },
        { operation: 'ship', ...none, in_progress: 1 },
      ],
    });
    const { stdout } = await runMain(['stats', '--store', url, '-e', 'prod', '-o', 'charge']);
    expect(stdout).toMatch(
      /^OPERATION +IN PROGRESS +COMPLETED +FAILED +STUCK +HELD +UNKNOWN +ALL\ncharge +0 +1 +1 +0 +0 +0 +2\n$/,
    );
  });

  test('verify says what is wrong with the store and how far the clocks are apart', async () => {
    const { url } = await newApplication(backend);
    const { problems, clockOffsetMs } = await runMainJson<{
      problems: readonly { code: string }[];
      clockOffsetMs: number;
    }>(['verify', '--store', url], { code: backend.name === 'Redis' ? 1 : 0 });
    // The engine of the tests forgets everything when it stops.
    const expected = backend.name === 'Redis' ? ['not_persistent'] : [];
    expect(problems.map(({ code }) => code)).toEqual(expected);
    expect(Math.abs(clockOffsetMs)).toBeLessThan(5_000);
    const { stdout } = await runMain(['verify', '--store', url]);
    expect(stdout).toContain(backend.name === 'Redis' ? '✗ not_persistent' : '✓');
    expect(stdout).toMatch(/clock (agrees|\d+ ms)/);
  });

  test('sweep deletes what expired, or says that the engine does', async () => {
    const { url, idempotency } = await newApplication(backend);
    const brief = idempotency.extend({ retention: 1 });
    for (let n = 0; n < 3; n += 1) await execute(brief, 'charge', `p-${n}`);
    await sleep(20);
    const swept = await runMain(['sweep', '--store', url]);
    expect(swept).toMatchObject({ code: 0, stderr: '' });
    if (backend.name !== 'Postgres') {
      expect(swept.stdout).toContain('by itself');
      return;
    }
    // The claim had planned for its lease; the sweep looks at these when that is over.
    expect(swept.stdout).toMatch(/^deleted \d expired records?\n$/);
    expect(await runMainJson(['sweep', '--store', url, '--batch', '2'])).toMatchObject({
      store: 'postgres',
    });
  });

  test('id computes what the applications compute, for show to look up', async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1');
    const { stdout } = await runMain(['id', 'charge', 'p-1', '--environment', 'prod']);
    expect(stdout).toBe(`${id}\n`);
    expect(await runMain(['show', stdout.trim(), '--store', url])).toMatchObject({ code: 0 });
  });
});
