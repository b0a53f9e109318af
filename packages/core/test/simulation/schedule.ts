import assert from 'node:assert/strict';
import {
  createIdempotency,
  currentExecution,
  type Idempotency,
  isIdempotencyError,
  type ProbeAnswer,
  type Store,
  type StoredRecord,
  tiered,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { type VirtualClock, virtualClock } from '@twiceproof/testing/clock';
import { type Chance, chanceOf } from './chance.ts';
import { checkLiveness, checkReachable } from './liveness.ts';
import { type Mutant, mutated } from './mutant.ts';
import { amounts, keys, type Order } from './order.ts';
import { simulatedProcess } from './simulated-process.ts';
import { type Connection, overNetwork } from './unreliable-network.ts';
import { type Effect, type Recorded, watchedStore } from './watched-store.ts';

const leaseMs = 300;
const storeTimeoutMs = 200;
const longestWorkMs = 700;
const tierMaxAgeMs = 150;

/** What one schedule had in it, so that a run can show that it covered something. */
export interface Coverage {
  executed: number;
  replayed: number;
  refused: number;
  failed: number;
  mismatches: number;
  held: number;
  found: number;
  takeovers: number;
  deaths: number;
  deletions: number;
  releases: number;
  wrongServers: number;
  withdrawn: number;
  settledLate: number;
}

/** A value that a caller got, and when. */
interface Answered {
  readonly order: Order;
  readonly value: string;
  /** When it asked, or the first of those in its process whose answer it may share. */
  readonly from: number;
  readonly to: number;
}

/** How all processes of one schedule are set up. */
interface Setting {
  readonly abandoned: 'reexecute' | 'hold' | 'probe';
  readonly hasFingerprint: boolean;
  readonly isTiered: boolean;
  readonly hasOperator: boolean;
}

/** Who made a claim. */
interface Claimant {
  readonly isDead: () => boolean;
  /** The claim was made to settle what somebody else had executed. */
  readonly settlesOnly: boolean;
}

/**
 * One random schedule: a few processes call the same work at random times over a network that loses
 * and delays, while the store is away for a while or fails over, some processes stop for a while, some
 * die, and an operator deletes and releases.
 * Throws if an invariant is broken.
 */
export async function runSchedule(
  seed: number,
  coverage: Coverage,
  mutant?: Mutant,
): Promise<void> {
  const chance = chanceOf(seed);
  const world = virtualClock();
  const truth = memoryStore({ clock: world });
  const setting: Setting = {
    abandoned: chance.pick(['reexecute', 'reexecute', 'hold', 'probe']),
    hasFingerprint: chance.happens(0.3),
    isTiered: chance.happens(0.3),
    hasOperator: chance.happens(0.3),
  };
  const effects: Effect[] = [];
  const violations: unknown[] = [];
  const answers: Answered[] = [];
  const claimants = new Map<string, Claimant>();
  let awayUntil = 0;
  const watched = watchedStore(truth, world.now, effects, violations);

  /** What the world outside knows of an effect, if it can be asked. */
  const probe = ({ id, fence }: { id: string; fence: number }): ProbeAnswer => {
    const effect = effects.find((started) => started.id === id && started.fence === fence);
    if (effect?.value !== undefined) {
      coverage.found++;
      return { completed: effect.value };
    }
    return chance.happens(0.8) ? 'reexecute' : 'hold';
  };

  const startProcess = (faultRate: number) => {
    const process = simulatedProcess(world);
    const isAway = (): boolean => world.now() < awayUntil;
    const connection: Connection = {
      isWrong: false,
      onRefused() {
        coverage.wrongServers++;
        connection.isWrong = mutant === 'the wrong server is kept';
      },
    };
    const reached = overNetwork(
      watched.store,
      world,
      process,
      chance,
      faultRate,
      isAway,
      connection,
    );
    const asked = mutated(reached, mutant, world.now, storeTimeoutMs);
    const authority: Store = {
      ...asked,
      acquire(claim, request) {
        const { token, settlesOnly = false } = claim;
        claimants.set(token, { isDead: process.isDead, settlesOnly });
        return asked.acquire(claim, request);
      },
    };
    const idempotency = createIdempotency({
      environment: 'sim',
      store: setting.isTiered ? stackOn(authority, world) : authority,
      lease: leaseMs,
      retention: false,
      storeTimeout: storeTimeoutMs,
      inProgress: chance.pick(['reject', 'wait', { wait: 400 }] as const),
      abandoned: setting.abandoned === 'probe' ? probe : setting.abandoned,
      runtime: { clock: process.clock, random: chance.next },
    });
    const work = idempotency.wrap(
      async ({ key, amount }: Order) => {
        const { id, fence, signal } = currentExecution();
        assert.equal(signal.aborted, false, 'an effect must not start after the lease was lost');
        // An operator who deletes the record takes it from whoever is about to start.
        if (!setting.hasOperator) await checkOwner(truth, id!, fence, world.epoch());
        const effect: Effect = { id: id!, fence, value: undefined, endedAt: undefined };
        effects.push(effect);
        await new Promise<void>((resolve) =>
          process.clock.schedule(chance.below(longestWorkMs), resolve),
        );
        effect.endedAt = world.now();
        if (chance.happens(0.25)) throw new RangeError('the work failed');
        effect.value = `${key} for ${amount} by fence ${fence}`;
        if (faultRate > 0 && chance.happens(0.1)) {
          coverage.deaths++;
          process.kill();
        }
        return effect.value;
      },
      {
        operation: 'work',
        key: ({ key }) => key,
        ...(setting.hasFingerprint && { fingerprint: ({ amount }: Order) => amount }),
      },
    );
    const underWay = new Map<string, { readonly since: number; calls: number }>();
    const call = async (order: Order): Promise<boolean> => {
      const shared = underWay.get(order.key) ?? { since: world.now(), calls: 0 };
      underWay.set(order.key, shared);
      shared.calls++;
      try {
        const { value, outcome } = await work.execute(order);
        if (process.isDead()) return false;
        coverage[outcome]++;
        answers.push({ order, value, from: shared.since, to: world.now() });
        return true;
      } catch (error) {
        countRefusal(error, coverage, violations);
        return false;
      } finally {
        if (--shared.calls === 0) underWay.delete(order.key);
      }
    };
    return { process, connection, call, idOf: (key: string) => work.idOf({ key, amount: 0 }) };
  };

  const processes = Array.from({ length: 2 + chance.below(3) }, () => startProcess(0.15));
  for (const { process, call } of processes) {
    for (let count = 1 + chance.below(4); count > 0; count--) {
      const order = { key: chance.pick(keys), amount: chance.pick(amounts) };
      world.schedule(chance.below(1_500), () => process.whenRunning(() => void call(order)));
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
  if (chance.happens(0.4)) {
    world.schedule(chance.below(1_500), () => {
      awayUntil = world.now() + chance.below(4 * leaseMs);
    });
  }
  // A failover: standing connections lead to a server that refuses writes now.
  if (chance.happens(0.3)) {
    world.schedule(chance.below(1_500), () => {
      for (const { connection } of processes) connection.isWrong = chance.happens(0.8);
    });
  }
  const { records } = createIdempotency({
    environment: 'sim',
    store: watched.store,
    retention: false,
    runtime: { clock: world, random: chance.next },
  });
  const ids = await Promise.all(keys.map((key) => processes[0]!.idOf(key)));
  if (setting.hasOperator) {
    for (let count = chance.below(4); count > 0; count--) {
      world.schedule(chance.below(2_500), () => void operate(records, chance, ids, coverage));
    }
  }
  await world.advance(20_000);

  if (violations.length > 0) throw violations[0];
  coverage.takeovers += countTakeovers(effects, setting);
  coverage.withdrawn += watched.withdrawn;
  coverage.settledLate += watched.delaysMs.filter((ms) => ms > storeTimeoutMs).length;
  for (const id of ids) checkNothingIsLeft(await truth.get(id), claimants, effects);
  checkAgreement(answers, watched.recorded, setting);
  for (const { process, call } of processes) {
    await checkReachable(call, process.isDead, world.advance);
  }
  await checkLiveness(startProcess(0).call, world.advance, records, ids);
  if (violations.length > 0) throw violations[0];
}

function stackOn(authority: Store, world: VirtualClock): Store {
  const fast = memoryStore({ clock: world });
  return tiered([{ store: fast, maxAge: tierMaxAgeMs }, authority], { now: world.epoch });
}

/** Whoever starts an effect owns the record, inside its lease, by the store's own clock. */
async function checkOwner(truth: Store, id: string, fence: number, now: number): Promise<void> {
  const record = await truth.get(id);
  assert.equal(record?.status, 'in_progress', 'an effect starts only on a claimed record');
  assert.equal(record?.fence, fence, 'an effect starts only under the latest claim');
  assert.ok(record!.leaseUntil > now, 'an effect starts only inside its lease');
}

/** What a living process claimed is not in progress for ever: it was withdrawn, or it was settled. */
function checkNothingIsLeft(
  record: StoredRecord | undefined,
  claimants: ReadonlyMap<string, Claimant>,
  effects: readonly Effect[],
): void {
  const claimant = record?.status === 'in_progress' && claimants.get(record.token);
  if (!claimant || claimant.isDead() || claimant.settlesOnly) return;
  const effect = effects.find(({ id, fence }) => id === record.id && fence === record.fence);
  assert.ok(effect, `${record.id}: a claim that was given up was left behind`);
  assert.equal(effect.endedAt, undefined, `${record.id}: an attempt that ended was never settled`);
}

async function operate(
  records: Idempotency['records'],
  chance: Chance,
  ids: readonly string[],
  coverage: Coverage,
): Promise<void> {
  const id = chance.pick(ids);
  try {
    if (chance.happens(0.5)) coverage.deletions += Number(await records.delete(id));
    else coverage.releases += Number(await records.release(id));
  } catch (error) {
    if (!isIdempotencyError(error, 'IN_PROGRESS')) throw error;
  }
}

function countRefusal(error: unknown, coverage: Coverage, violations: unknown[]): void {
  if (isIdempotencyError(error, 'FINGERPRINT_MISMATCH')) coverage.mismatches++;
  else if (isIdempotencyError(error, 'HELD')) coverage.held++;
  else if (isIdempotencyError(error)) coverage.refused++;
  else if (error instanceof RangeError) coverage.failed++;
  else violations.push(error);
}

function countTakeovers(effects: readonly Effect[], { hasOperator }: Setting): number {
  let takeovers = 0;
  for (const [id, started] of Map.groupBy(effects, (effect) => effect.id)) {
    for (const [at, { fence }] of started.entries()) {
      const before = started[at - 1];
      // After a deletion the next effect may start before one that was about to.
      const rises = hasOperator || !before || fence > before.fence;
      assert.ok(rises, `${id}: the fence must rise with every effect`);
    }
    takeovers += started.length - 1;
  }
  return takeovers;
}

/** Every value that a caller got was the recorded one while the caller waited, and for its payload. */
function checkAgreement(
  answers: readonly Answered[],
  recorded: readonly Recorded[],
  { hasFingerprint, isTiered }: Setting,
): void {
  const staleMs = isTiered ? tierMaxAgeMs : 0;
  for (const { order, value, from, to } of answers) {
    const result = recorded.find((candidate) => candidate.value === value);
    assert.ok(result, `'${value}' was answered and never recorded`);
    const counted = result.from <= to && result.to + staleMs >= from;
    assert.ok(
      counted,
      `'${value}' was answered from ${from} to ${to}, and counted to ${result.to}`,
    );
    if (hasFingerprint) {
      assert.ok(value.includes(`for ${order.amount} `), `another payload was answered '${value}'`);
    }
  }
}
