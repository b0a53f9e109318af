import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inputOf, newState, runDemo, startDemo, tempFolder } from './demo-process.ts';
import { ordersInput } from './orders-input.ts';

test('--help tells about every flag', async () => {
  const { code, stdout, stderr } = await runDemo('--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const flag of [
    'fail',
    'run',
    'kill-after',
    'input',
    'key',
    'store',
    'otlp',
    'workers',
    'effect-ms',
    'state',
    'reset',
  ]) {
    expect(stdout).toContain(`--${flag}`);
  }
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(80);
});

// What else is refused, and how, is for the arguments' own tests.
test.each([
  [['--fial', 'ship'], "Unknown option '--fial'; see --help"],
  [['--key', 'detail.[orderId'], "--key: the JMESPath expression 'detail.[orderId' is wrong"],
  [['--input', 'no-such-file.ndjson'], '--input no-such-file.ndjson cannot be read: ENOENT'],
])('%j is refused with exit code 2, and the reason in one line', async (args, reason) => {
  const state = join(await tempFolder(), 'state');
  const { code, stdout, stderr } = await runDemo('--state', state, ...args);
  expect(stderr).toContain(reason);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(existsSync(state), 'nothing was made').toBe(false);
});

test('two demos do not share a state folder; a killed one leaves it free', async () => {
  const state = await newState();
  const args = ['--state', state, '--input', await ordersInput(1), '--key', 'detail.orderId'];
  const first = startDemo(...args, '--effect-ms', '60000');
  await first.until(/ 0\/2 /);
  const second = await runDemo(...args);
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toMatch(
    /^another demo is at work in .*, or choose another folder with --state\n$/,
  );
  first.kill('SIGKILL');
  await first.ended;
  expect((await runDemo(...args)).code).toBe(0);
});

test('a database that cannot be opened is an error that names the cure', async () => {
  const state = join(await tempFolder(), 'state');
  await mkdir(join(state, 'database'), { recursive: true });
  await writeFile(join(state, 'database', 'PG_VERSION'), '9.1');
  const { code, stderr } = await runDemo('--state', state, '--input', await inputOf([]));
  expect(code).toBe(1);
  expect(stderr).toMatch(/the database in .* cannot be opened .*; start over with --reset/);
});
