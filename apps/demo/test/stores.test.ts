import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis } from '@twiceproof/engines';
import { beforeEach, expect, test, vi } from 'vitest';
import { type Ended, runDemo, tableOf, tempFolder } from './demo-process.ts';
import { ordersInput } from './orders-input.ts';

const orders = 9;

function doneIn(state: string, ledger: string): string[] {
  const lines = readFileSync(join(state, ledger), 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ phase }) => phase === 'done')
    .map(({ effect, order, run }) => `${effect} ${order} ${run}`);
}

async function newArgs(store: string): Promise<{ state: string; args: string[] }> {
  const state = join(await tempFolder(), 'state');
  const input = await ordersInput(orders);
  const args = ['--state', state, '--input', input, '--key', 'detail.orderId', '--store', store];
  return { state, args: [...args, '--workers', '2'] };
}

function expectEveryEffectOnce(ended: Ended, state: string, store: string): void {
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const { order, ...steps } = tableOf(ended);
  expect(order).toMatchObject({ keys: orders, executed: orders, replayed: orders, failed: 0 });
  for (const step of Object.values(steps)) {
    expect(step).toMatchObject({ keys: orders, executed: orders, failed: 0, duplicates: 0 });
  }
  const done = doneIn(state, `ledger-${store.split(',').at(-1)}.ndjson`);
  expect(done).toHaveLength(3 * orders);
  expect(new Set(done).size).toBe(3 * orders);
}

beforeEach(() => {
  vi.stubEnv('REDIS_URL', '').stubEnv('DYNAMODB_ENDPOINT', '').stubEnv('POSTGRES_URL', '');
});

test('--store memory has all workers in one process, and every effect happens once', async () => {
  const { state, args } = await newArgs('memory');
  for (const _run of ['the first', 'the next']) {
    const ended = await runDemo(...args);
    expectEveryEffectOnce(ended, state, 'memory');
    expect(ended.stdout).toContain('2 workers in one process · memory\n');
    expect(ended.stdout).toContain('its records are gone now; --store pglite keeps them');
  }
});

test.each([
  ['dynamodb', 'DynamoDB'],
  ['postgres', 'Postgres'],
  ['memory,redis,dynamodb', 'memory → Redis → DynamoDB'],
])('--store %s starts what it needs, and every effect happens once', async (store, label) => {
  const { state, args } = await newArgs(store);
  const ended = await runDemo(...args);
  expectEveryEffectOnce(ended, state, store);
  expect(ended.stdout).toContain(`2 workers · ${label}\n`);
  expect(ended.stdout).toContain('its records are gone now');
  expect(ended.stdout).not.toContain('everything is replayed');
});

test('--store sqlite keeps its records in a file of the state, and --reset forgets them', async () => {
  const { state, args } = await newArgs('sqlite');
  const first = await runDemo(...args);
  expectEveryEffectOnce(first, state, 'sqlite');
  expect(first.stdout).toContain('again: everything is replayed');
  expect(existsSync(join(state, 'records.sqlite'))).toBe(true);
  const again = await runDemo(...args);
  expect(tableOf(again).order).toMatchObject({ executed: 0, replayed: 2 * orders });
  const reset = await runDemo(...args, '--reset');
  expect(tableOf(reset).order).toMatchObject({ executed: orders, duplicates: 0 });
});

test('--store redis starts an empty one for every run, and the ledger begins anew with it', async () => {
  const { state, args } = await newArgs('redis');
  for (const _run of ['the first', 'the next']) {
    const ended = await runDemo(...args);
    expectEveryEffectOnce(ended, state, 'redis');
    expect(ended.stdout).toContain('2 workers · Redis\n');
  }
});

test('a store that the environment names keeps its records, until --reset forgets them', async () => {
  const redis = await startRedis({ own: true });
  vi.stubEnv('REDIS_URL', redis.url);
  try {
    const { state, args } = await newArgs('memory,redis');
    const first = await runDemo(...args);
    expect(first.stdout).toContain('again: everything is replayed');
    expect(tableOf(first).order).toMatchObject({ executed: orders, duplicates: 0 });
    const again = await runDemo(...args, '--workers', '1');
    expect(tableOf(again).order).toMatchObject({ executed: 0, replayed: 2 * orders });

    mkdirSync(join(state, 'database'));
    writeFileSync(join(state, 'notes.txt'), 'mine');
    const reset = await runDemo(...args, '--workers', '1', '--reset');
    expect(tableOf(reset).order).toMatchObject({ executed: orders, duplicates: 0 });
    expect(existsSync(join(state, 'database')), 'what the demo made is gone').toBe(false);
    expect(existsSync(join(state, 'notes.txt')), 'what is not its own stays').toBe(true);
  } finally {
    await redis.stop();
  }
});

test('a store that cannot be reached is an error that names it', async () => {
  vi.stubEnv('POSTGRES_URL', 'postgres://nobody@127.0.0.1:1/none');
  const { args } = await newArgs('postgres');
  const { code, stderr } = await runDemo(...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^--store postgres cannot be used: .+\n$/);
});
