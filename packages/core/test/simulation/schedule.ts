import assert from 'node:assert/strict';
import { createIdempotency, currentExecution, isIdempotencyError, type Store } from '@idemkit/core';
import { memoryStore } from '@idemkit/memory';
import { virtualClock } from '@idemkit/testing/clock';
import { chanceOf } from './chance.ts';
import { simulatedProcess } from './simulated-process.ts';
import { overNetwork } from './unreliable-network.ts';

const leaseMs = 300;
const storeTimeoutMs = 200;
const longestWorkMs = 700;
const keys = ['a', 'b'];

/** What one schedule had in it, so that a run can show that it covered something. */
export interface Coverage {
  executed: number;
  replayed: number;
  refused: number;
  failed: number;
  takeovers: number;
  deaths: number;
}

/** One effect, as the outside world sees it. */
interface Effect {
  readonly id: string;
  readonly fence: number;
  readonly attempt: number;
  succeeded: boolean;
}

/**
 * One random schedule: a few processes call the same work at random times over a network that loses
 * and delays, while some of them stop for a while and some die. Throws if an invariant is broken.
 */
export async function runSchedule(seed: number, coverage: Coverage): Promise<void> {
  const chance = chanceOf(seed);
  const world = virtualClock();
  const truth = memoryStore({ clock: world });
  const effects: Effect[] = [];
  const violations: unknown[] = [];
  const watched = watchSettlements(truth, effects, violations);
  const answers = new Map<string, Set<string>>();

  const startProcess = (faultRate: number) => {
    const process = simulatedProcess(world);
    const idempotency = createIdempotency({
      environment: 'sim',
      store: overNetwork(watched.store, world, process, chance, faultRate),
      lease: leaseMs,
      retention: false,
      storeTimeout: storeTimeoutMs,
      inProgress: chance.pick(['reject', 'wait', { wait: 400 }] as const),
      runtime: { clock: process.clock, random: chance.next },
    });
    const work = idempotency.wrap(
      async (key: string) => {
        const { id, fence, attempt, signal } = currentExecution();
        assert.equal(signal.aborted, false, 'an effect must not start after the lease was lost');
        await checkOwner(truth, id!, fence, world.epoch());
        const effect = { id: id!, fence, attempt, succeeded: false };
        effects.push(effect);
        await new Promise<void>((resolve) =>
          process.clock.schedule(chance.below(longestWorkMs), resolve),
        );
        if (chance.happens(0.25)) throw new RangeError('the work failed');
        effect.succeeded = true;
        return `${key} by fence ${fence}`;
      },
      { operation: 'work' },
    );
    const call = async (key: string): Promise<void> => {
      try {
        const { value, outcome } = await work.execute(key);
        if (process.isDead()) return;
        coverage[outcome]++;
        answers.set(key, (answers.get(key) ?? new Set()).add(value));
      } catch (error) {
        if (isIdempotencyError(error)) coverage.refused++;
        else if (error instanceof RangeError) coverage.failed++;
        else violations.push(error);
      }
    };
    return { process, call };
  };

  const processes = Array.from({ length: 2 + chance.below(3) }, () => startProcess(0.15));
  for (const { process, call } of processes) {
    for (let count = 1 + chance.below(3); count > 0; count--) {
      const key = chance.pick(keys);
      world.schedule(chance.below(1_500), () => process.whenRunning(() => void call(key)));
    }
    if (chance.happens(0.3)) {
      world.schedule(chance.below(1_500), () => process.pause(chance.below(4 * leaseMs)));
    }
    if (chance.happens(0.25)) {
      world.schedule(chance.below(1_500), () => {
        coverage.deaths++;
        process.kill();
      });
    }
  }
  await world.advance(20_000);

  if (violations.length > 0) throw violations[0];
  checkEffects(effects, coverage);
  checkAgreement(answers, watched.outcomes);
  await checkLiveness(startProcess(0).call, world.advance, answers);
}

/** The store, noting each outcome that it acknowledged, and attempts that must not be released. */
function watchSettlements(store: Store, effects: readonly Effect[], violations: unknown[]) {
  const outcomes = new Map<string, Uint8Array>();
  const complete: Store['complete'] = async (id, token, outcome, options) => {
    const settlement = await store.complete(id, token, outcome, options);
    if (settlement.status === 'done') {
      assert.equal(outcomes.has(id), false, 'a completed outcome must never change');
      outcomes.set(id, outcome.bytes);
    }
    return settlement;
  };
  const release: Store['release'] = async (id, token, failure, options) => {
    const record = await store.get(id);
    const isMine = record?.token === token && record.status === 'in_progress';
    if (isMine && effects.some((effect) => effect.fence === record.fence && effect.succeeded)) {
      violations.push(
        new Error(`${id}: the effect of fence ${record.fence} succeeded, and was released`),
      );
    }
    return store.release(id, token, failure, options);
  };
  return { store: { ...store, complete, release }, outcomes };
}

/** Whoever starts an effect owns the record, inside its lease, by the store's own clock. */
async function checkOwner(truth: Store, id: string, fence: number, now: number): Promise<void> {
  const record = await truth.get(id);
  assert.equal(record?.status, 'in_progress', 'an effect starts only on a claimed record');
  assert.equal(record?.fence, fence, 'an effect starts only under the latest claim');
  assert.ok(record!.leaseUntil > now, 'an effect starts only inside its lease');
}

function checkEffects(effects: readonly Effect[], coverage: Coverage): void {
  for (const [id, started] of Map.groupBy(effects, (effect) => effect.id)) {
    for (const [at, { fence, attempt }] of started.entries()) {
      const before = started[at - 1];
      assert.ok(!before || fence > before.fence, `${id}: the fence must rise with every effect`);
      assert.ok(attempt > at, `${id}: every effect has an attempt of its own`);
    }
    coverage.takeovers += started.length - 1;
  }
}

/** Every caller that got a value got the one that was recorded. */
function checkAgreement(
  answers: ReadonlyMap<string, ReadonlySet<string>>,
  outcomes: ReadonlyMap<string, Uint8Array>,
): void {
  for (const [key, values] of answers) {
    assert.equal(values.size, 1, `callers of ${key} got ${[...values].join(' and ')}`);
  }
  assert.ok(outcomes.size >= answers.size, 'a value was answered that was never recorded');
}

/** When the faults are over and the leases, too, work is possible again. */
async function checkLiveness(
  call: (key: string) => Promise<void>,
  advance: (ms: number) => Promise<void>,
  answers: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  for (const key of keys) {
    for (let tries = 0; tries < 40 && !answers.has(key); tries++) {
      const called = call(key);
      await advance(5_000);
      await called;
    }
    assert.equal(answers.get(key)?.size, 1, `${key} is stuck, or has two outcomes`);
  }
}
