import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

const program = new URL('./programs/charge-server.ts', import.meta.url);

let engine: RedisEngine;
let redis: Redis;
let prefix: string;
let servers: readonly Server[] = [];

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

beforeAll(async () => {
  engine = await startRedis();
  redis = new Redis(engine.url);
});
afterAll(async () => {
  redis?.disconnect();
  await engine?.stop();
});
beforeEach(async () => {
  prefix = `http-${randomUUID()}`;
  servers = await Promise.all([start(), start()]);
});
afterEach(() => Promise.all(servers.map(({ process }) => end(process))));

async function start(): Promise<Server> {
  const child = fork(program, [engine.url, prefix]);
  const [{ port }] = await once(child, 'message');
  return { process: child, url: `http://127.0.0.1:${port}/charges` };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly isReplay: boolean;
  readonly retryAfter: string | null;
}

const body = JSON.stringify({ amount: 10 });
const headers = {
  'content-type': 'application/json',
  'x-principal': 'ada',
  'idempotency-key': '"1"',
};

async function charge({ url }: Server): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', body, headers });
  return {
    status: response.status,
    body: await response.text(),
    isReplay: response.headers.get('idempotent-replayed') === 'true',
    retryAfter: response.headers.get('retry-after'),
  };
}

/** Asks until there is an answer that counts, as a client does. */
async function settled(server: Server): Promise<Answer> {
  for (;;) {
    const answer = await charge(server);
    if (answer.status !== 409) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const runs = async () => Number(await redis.get(`${prefix}:runs`));
const openDoor = () => redis.set(`${prefix}:door`, 'open');

function expectConflict(answer: Answer): void {
  expect(answer.status).toBe(409);
  expect(JSON.parse(answer.body).type).toBe('urn:twiceproof:problem:in-progress');
  expect(answer.retryAfter).toMatch(/^[1-9]\d*$/);
}

test('of 100 requests at once on two processes one runs', async () => {
  const all = Array.from({ length: 100 }, (_, index) => charge(servers[index % 2]!));
  await vi.waitFor(async () => expect(await runs()).toBe(1), 20_000);
  await openDoor();
  const answers = await Promise.all(all);
  const created = answers.filter(({ status }) => status === 201);
  expect(created.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  expect(new Set(created.map((each) => each.body)).size).toBe(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) expectConflict(answer);
  for (const server of servers) {
    expect(await charge(server)).toEqual({ ...created[0], isReplay: true });
  }
  expect(await runs()).toBe(1);
});

test('a process that is killed in the middle leaves the work to the other one', async () => {
  const [first, second] = servers as [Server, Server];
  const lost = charge(first);
  lost.catch(() => {});
  await vi.waitFor(async () => expect(await runs()).toBe(1), 20_000);
  const refused = Array.from({ length: 99 }, () => charge(second));
  for (const answer of await Promise.all(refused)) expectConflict(answer);
  await end(first.process);
  await expect(lost).rejects.toThrow();
  await openDoor();
  const answers = await Promise.all(Array.from({ length: 20 }, () => settled(second)));
  expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  expect(new Set(answers.map((each) => each.body)).size).toBe(1);
  expect(JSON.parse(answers[0]!.body)).toMatchObject({ run: 2, pid: second.process.pid });
  expect(await runs()).toBe(2);
});

test('a client that hangs up finds its answer on the other process', async () => {
  const [first, second] = servers as [Server, Server];
  const controller = new AbortController();
  const lost = fetch(first.url, { method: 'POST', body, headers, signal: controller.signal });
  lost.catch(() => {});
  await vi.waitFor(async () => expect(await runs()).toBe(1), 20_000);
  controller.abort();
  await openDoor();
  const answer = await settled(second);
  expect(answer).toMatchObject({ status: 201, isReplay: true });
  expect(JSON.parse(answer.body)).toMatchObject({ run: 1, pid: first.process.pid });
  expect(await runs()).toBe(1);
});
