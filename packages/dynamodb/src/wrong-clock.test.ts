import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  bytesOf,
  countRequests,
  newClaim,
  newStore,
  rivalOf,
  useEmulator,
} from '../test/emulator.ts';
import { timeMachine } from '../test/time-machine.ts';
import { systemMachineClock } from './clock.ts';
import { type DynamodbStore, storeOn } from './dynamodb-store.ts';
import type { DynamodbWarning } from './options.ts';

const emulator = useEmulator();

for (const [name, wrongBy] of [
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
] as const) {
  describe(`a machine whose clock is ${name}`, () => {
    let right: DynamodbStore;
    let wrong: DynamodbStore;
    let client: DynamoDBClient;
    let warnings: DynamodbWarning[];
    let pass: (ms: number) => void;
    let now: () => number;

    beforeEach(async () => {
      const world = timeMachine();
      pass = world.pass;
      now = world.clock.wall;
      const { table } = await newStore(emulator.client());
      right = storeOn({ client: world.carry(emulator.client()), table }, world.clock);
      client = world.carry(emulator.client());
      warnings = [];
      const onWarning = (warning: DynamodbWarning) => warnings.push(warning);
      const clock = { ...world.clock, wall: () => world.clock.wall() + wrongBy };
      wrong = storeOn({ client, table, onWarning }, clock);
    });

    test('takes over no live lease, not even with its first request', async () => {
      const claim = newClaim();
      await right.acquire(claim);
      const answer = await wrong.acquire(rivalOf(claim));
      expect(answer.status).toBe('existing');
      expect(answer.leaseRemainingMs).toBeGreaterThan(28_000);
    });

    test('takes over a lease that is over by the margin and what the clock may still be off', async () => {
      const claim = newClaim({ leaseMs: 10_000 });
      await right.acquire(claim);
      pass(10_000 + 2_000 + 1_200);
      expect((await wrong.acquire(rivalOf(claim))).status).toBe('acquired');
    });

    test('writes its first claim again with the right times, before anything starts', async () => {
      const requests = countRequests(client);
      const claim = newClaim({ leaseMs: 10_000 });
      const { record, leaseRemainingMs } = await wrong.acquire(claim);
      expect(requests.take()).toEqual({ PutItemCommand: 2 });
      expect(Math.abs(record.startedAt - now())).toBeLessThan(1_200);
      expect(record.createdAt).toBe(record.startedAt);
      expect(record).toMatchObject({ attempt: 1, token: claim.token });
      expect(leaseRemainingMs).toBeGreaterThan(8_500);
      expect((await right.acquire(rivalOf(claim))).status).toBe('existing');
      pass(10_000 + 2_000 + 1_200);
      expect((await right.acquire(rivalOf(claim))).status).toBe('acquired');
    });

    test('holds no record for longer than a lease when it ends before it can put its first claim right', async () => {
      const claim = newClaim({ leaseMs: 10_000 });
      const { send } = client;
      // Its first write lands, and nothing more comes of it.
      client.send = (async (...args: Parameters<typeof send>) => {
        const answer = await send.apply(client, args);
        client.send = () => Promise.reject(new Error('ended'));
        return answer;
      }) as typeof send;
      await expect(wrong.acquire(claim)).rejects.toThrow('ended');
      await right.acquire(rivalOf(claim));
      pass(10_000 + 2_000 + 1_200);
      expect((await right.acquire(rivalOf(claim))).status).toBe('acquired');
    });

    test('writes claims once when it has heard the time at different parts of a second', async () => {
      const requests = countRequests(client);
      for (let count = 0; count < 30; count += 1) {
        await wrong.acquire(newClaim());
        pass(173);
      }
      requests.take();
      await wrong.acquire(newClaim());
      expect(requests.take()).toEqual({ PutItemCommand: 1 });
    });

    test('renews for as long as was asked, also when renewing is its first request', async () => {
      const claim = newClaim({ leaseMs: 10_000 });
      await right.acquire(claim);
      const lease = await wrong.renew(claim.id, claim.token, 60_000);
      expect(lease?.remainingMs).toBeGreaterThan(58_000);
      const { leaseUntil } = (await right.get(claim.id))!;
      expect(Math.abs(leaseUntil - now() - 60_000)).toBeLessThan(1_200);
      const again = await wrong.renew(claim.id, claim.token, 60_000);
      expect(again?.remainingMs).toBeGreaterThan(58_000);
    });

    test('lets its fences rise above those that others wrote', async () => {
      const claim = newClaim();
      const first = await right.acquire(claim);
      await right.complete(claim.id, claim.token, { bytes: bytesOf(''), retentionMs: null });
      await right.delete(claim.id);
      const second = await wrong.acquire(rivalOf(claim));
      expect(second.record.fence).toBeGreaterThan(first.record.fence);
    });

    test('is told of once', async () => {
      await wrong.get('a');
      await wrong.get('b');
      expect(warnings).toHaveLength(1);
      expect(warnings[0]?.code).toBe('CLOCK_OFFSET');
      expect(warnings[0]?.message).toMatch(/NTP/);
      const { ok, problems, clockOffsetMs } = await wrong.verify();
      expect(ok).toBe(false);
      expect(problems.map(({ code }) => code)).toEqual(['CLOCK_OFFSET']);
      expect(Math.abs(clockOffsetMs + wrongBy)).toBeLessThan(1_200);
    });
  });
}

test('a machine whose clock is right is not corrected, and not complained about', async () => {
  const warnings: DynamodbWarning[] = [];
  const store = await newStore(emulator.client(), {
    onWarning: (warning) => warnings.push(warning),
  });
  const before = Date.now();
  const { record } = await store.acquire(newClaim());
  expect(record.startedAt).toBeGreaterThanOrEqual(before);
  expect(record.startedAt).toBeLessThanOrEqual(Date.now());
  expect(warnings).toEqual([]);
  expect((await store.verify()).clockOffsetMs).toBe(0);
});

test('a wider margin keeps others away for longer', async () => {
  const world = timeMachine();
  const { table } = await newStore(emulator.client());
  const client = world.carry(emulator.client());
  const store = storeOn({ client, table, clockMargin: '10s' }, world.clock);
  const claim = newClaim({ leaseMs: 1_000 });
  await store.acquire(claim);
  world.pass(10_900);
  const early = await store.acquire(rivalOf(claim));
  expect(early.status).toBe('existing');
  expect(early.leaseRemainingMs).toBeGreaterThan(0);
  world.pass(200);
  expect(
    (await store.acquire(rivalOf(claim, { abandoned: 'hold' }))).leaseRemainingMs,
  ).toBeLessThanOrEqual(0);
  expect((await store.acquire(rivalOf(claim))).status).toBe('acquired');
});

test('of two renewals that overtake each other, the newer one’s lease stands', async () => {
  const world = timeMachine();
  const { table } = await newStore(emulator.client());
  const store = storeOn({ client: world.carry(emulator.client()), table }, world.clock);
  const late = storeOn(
    { client: world.carry(emulator.client()), table },
    { ...world.clock, wall: () => world.clock.wall() - 200 },
  );
  const claim = newClaim();
  await store.acquire(claim);
  await late.get(claim.id);
  world.pass(1_000);
  await store.renew(claim.id, claim.token, 60_000);
  const { leaseUntil } = (await store.get(claim.id))!;
  const answer = await late.renew(claim.id, claim.token, 1_000);
  expect(answer, 'it is still the owner').toBeDefined();
  expect((await store.get(claim.id))?.leaseUntil).toBe(leaseUntil);
});

describe('a machine that slept, whose monotonic clock stood still meanwhile', () => {
  const sleptMs = 10 * 3_600_000;
  let awake: DynamodbStore;
  let sleeper: DynamodbStore;
  let client: DynamoDBClient;
  let sleep: () => void;
  let now: () => number;

  beforeEach(async () => {
    const world = timeMachine();
    let slept = 0;
    sleep = () => {
      world.pass(sleptMs);
      slept += sleptMs;
    };
    now = world.clock.wall;
    const { table } = await newStore(emulator.client());
    awake = storeOn({ client: world.carry(emulator.client()), table }, world.clock);
    const clock = { ...world.clock, monotonic: () => world.clock.monotonic() - slept };
    client = world.carry(emulator.client());
    sleeper = storeOn({ client, table }, clock);
    await sleeper.get('any');
  });

  const retentionMs = 3_600_000;

  test('keeps what it completes with its first request for the whole retention', async () => {
    const claim = newClaim({ leaseMs: 2 * sleptMs });
    await sleeper.acquire(claim);
    sleep();
    const settled = await sleeper.complete(claim.id, claim.token, {
      bytes: bytesOf('done'),
      retentionMs,
    });
    expect(settled.status).toBe('done');
    const record = await awake.get(claim.id);
    expect(Math.abs(record!.expiresAt! - now() - retentionMs)).toBeLessThan(1_200);
  });

  test('extends and copies by the right time with its first request', async () => {
    const claim = newClaim();
    await awake.acquire(claim);
    await awake.complete(claim.id, claim.token, { bytes: bytesOf('done'), retentionMs: null });
    const record = (await awake.get(claim.id))!;
    sleep();
    const extended = await sleeper.extend(claim.id, retentionMs);
    expect(Math.abs(extended!.expiresAt! - now() - retentionMs)).toBeLessThan(1_200);
    sleep();
    const copy = { ...record, id: newClaim().id };
    await sleeper.fill(copy, retentionMs);
    expect(await awake.get(copy.id)).toBeDefined();
  });

  test('claims, renews and judges by the right time with its first request', async () => {
    const [mine, theirs] = [newClaim({ leaseMs: 2 * sleptMs }), newClaim({ leaseMs: 3 * sleptMs })];
    await sleeper.acquire(mine);
    await awake.acquire(theirs);
    sleep();
    await sleeper.renew(mine.id, mine.token, 60_000);
    expect(Math.abs((await awake.get(mine.id))!.leaseUntil - now() - 60_000)).toBeLessThan(1_200);
    sleep();
    expect((await sleeper.acquire(rivalOf(theirs))).status).toBe('existing');
    const late = newClaim();
    sleep();
    await sleeper.acquire(late);
    expect((await awake.acquire(rivalOf(late))).status).toBe('existing');
  });

  test('asks for the time once, and not while its clocks agree', async () => {
    const claim = newClaim({ leaseMs: 2 * sleptMs });
    await sleeper.acquire(claim);
    await sleeper.complete(claim.id, claim.token, { bytes: bytesOf('done'), retentionMs: null });
    const requests = countRequests(client);
    await sleeper.extend(claim.id, null);
    expect(requests.take()).toEqual({ UpdateItemCommand: 1 });
    sleep();
    await sleeper.extend(claim.id, null);
    expect(requests.take()).toEqual({ GetItemCommand: 1, UpdateItemCommand: 1 });
    await sleeper.extend(claim.id, null);
    expect(requests.take()).toEqual({ UpdateItemCommand: 1 });
  });
});

test('a service that tells no time is asked for it once', async () => {
  const client = emulator.client();
  client.middlewareStack.addRelativeTo(
    ((next: (request: unknown) => Promise<unknown>) => async (request: unknown) => {
      const answer = (await next(request)) as { response: { headers: { date?: string } } };
      delete answer.response.headers.date;
      return answer;
    }) as never,
    { relation: 'after', toMiddleware: 'twiceproofServiceDate', name: 'noTime' },
  );
  const { table } = await newStore(emulator.client());
  const store = storeOn({ client, table }, systemMachineClock);
  const claims = [newClaim(), newClaim()];
  const requests = countRequests(client);
  for (const claim of claims) await store.delete(claim.id);
  expect(requests.take()).toEqual({ GetItemCommand: 1, UpdateItemCommand: 2 });
});
