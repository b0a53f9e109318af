import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { RunningConsole } from '../src/console/console-options.ts';
import { backends, closeStoresAfterwards, execute, newApplication } from './backends.ts';
import { signIn } from './console-client.ts';
import { fakeTerminal } from './fake-terminal.ts';
import { runMain } from './run-main.ts';

closeStoresAfterwards();

const redis = backends[0]!;
const bin = join(import.meta.dirname, '../dist/bin.js');

async function newAudit(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-console-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'audit.jsonl');
}

/** The program as a shell runs it, once it has printed its link. */
async function start(args: readonly string[]): Promise<{ child: ChildProcess; link: string }> {
  const child = spawn(process.execPath, [bin, 'console', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  for await (const line of createInterface(child.stdout!)) {
    const link = /http:\S+/.exec(line)?.[0];
    if (link) return { child, link };
  }
  throw new Error('it ended without a link');
}

function consoleAt(link: string): RunningConsole {
  return { address: new URL(link).origin, link: () => link, close: async () => {} };
}

const ended = (child: ChildProcess) =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

for (const [at, backend] of backends.entries()) {
  const signal = at === 0 ? 'SIGINT' : 'SIGTERM';
  test(`it serves ${backend.name} until ${signal}, which ends it cleanly`, async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1');
    const audit = await newAudit();
    const { child, link } = await start(['--store', url, '--audit', audit, '--by', 'ada']);
    const client = await signIn(consoleAt(link));
    const { body } = await client.get('/api/records');
    expect(body.records).toMatchObject([{ id }]);
    expect((await client.get('/api/about')).body.store).not.toContain('prefix');
    const { version } = body.records[0];
    await client.post('/api/delete', { id, version, reason: 'test data' });
    const end = ended(child);
    child.kill(signal);
    expect(await end).toBe(0);
    const lines = readFileSync(audit, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { by: 'ada', action: 'sign-in' },
      { by: 'ada', action: 'delete', recordId: id, reason: 'test data', outcome: 'done' },
    ]);
  });
}

test('Enter prints another link, and each of them signs in one browser', async () => {
  const { url } = await newApplication(redis);
  const { terminal, run, stdout, interrupt } = fakeTerminal({ columns: 200 });
  const code = run('console', '--port', '0', '--store', url, '--audit', await newAudit());
  const links = () => stdout().match(/http:\S+/g) ?? [];
  await expect.poll(links, { timeout: 20_000 }).toHaveLength(1);
  (terminal.stdin as unknown as NodeJS.WritableStream).write('\n');
  await expect.poll(links, { timeout: 20_000 }).toHaveLength(2);
  for (const link of links()) {
    const client = await signIn(consoleAt(link));
    expect((await client.get('/api/about')).body).toMatchObject({ by: 'tester', readOnly: false });
  }
  interrupt();
  expect(await code).toBe(0);
});

test('a store that is not there is told before anything is served', async () => {
  const refused = await runMain(['console', '--store', 'redis://127.0.0.1:1']);
  expect(refused).toMatchObject({ code: 3, stdout: '' });
  expect(refused.stderr).toMatch(/^twiceproof: .*nothing listens there.*\n$/);
});

test('a port that is taken and an audit log that cannot be written are told in a line', async () => {
  const { url } = await newApplication(redis);
  const audit = await newAudit();
  const { link } = await start(['--store', url, '--audit', audit]);
  const { port } = new URL(link);
  const taken = await runMain(['console', '--store', url, '--port', port, '--audit', audit]);
  expect(taken).toMatchObject({ code: 2, stdout: '' });
  expect(taken.stderr).toMatch(/^twiceproof: .*cannot listen.*--port\n$/);
  const unwritable = join(import.meta.filename, 'audit.jsonl');
  for (const file of [unwritable, '/proc/nothing/audit.jsonl']) {
    const other = await runMain(['console', '--store', url, '--port', '0', '--audit', file]);
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toMatch(/^twiceproof: the audit log .* cannot be written .*--audit\n$/);
  }
  const wrong = await runMain(['console', '--store', url, '--port', 'web']);
  expect(wrong.code).toBe(2);
});
