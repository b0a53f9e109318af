import { type Idempotency, isIdempotencyError } from '@twiceproof/core';
import { check } from './checkers/check.ts';
import type { Mutant } from './mutants/mutant.ts';
import type { Key, Plan, PlannedEvent } from './plan.ts';
import type { Engine, Faults } from './world/engine.ts';
import { labelOf, type Order } from './world/ledger.ts';
import type { Process } from './world/process.ts';
import { settlePromises } from './world/settle-promises.ts';
import { type Started, startProcess } from './world/start-process.ts';
import { clear, watchTable } from './world/watch-table.ts';
import { World } from './world/world.ts';

const longestRunMs = 60_000;

/**
 * Runs one schedule from beginning to end, in one go: a few processes do the same work over a network
 * that loses and delays, and everything of the plan happens to them. Answers the world as it was left,
 * with what was violated in it.
 */
export function runSchedule(plan: Plan, mutant?: Mutant, isTraced = false): World {
  const world = new World(plan, isTraced);
  const { time, table } = world;
  mutant?.table?.(table, world);
  table.watch = watchTable(world);
  const faults: Faults = { rate: plan.setting.faultRate, awayUntil: 0 };
  const started: Started[] = [];
  for (let count = plan.setting.processes; count > 0; count--) {
    started.push(startProcess(world, faults, mutant));
  }
  for (const key of plan.setting.keys) noteId(world, started[0]!, key, mutant);
  settlePromises();
  for (const event of plan.events) {
    time.schedule(event.at, () => happen(world, event, started, faults));
  }
  time.pass(longestRunMs);
  if (world.violations.length > 0 || !plan.isFollowedUp) {
    if (world.violations.length === 0) check(world, 'ends');
    return world;
  }
  check(world, 'ends');
  faults.rate = 0;
  world.isCalm = true;
  if (world.violations.length === 0) checkLiveness(world, started, faults, mutant);
  return world;
}

/** By label: what core says of a key is the same in every schedule. */
const knownIds = new Map<string, string>();

function noteId(world: World, { engine }: Started, key: Key, mutant: Mutant | undefined): void {
  const label = labelOf(key);
  const known = mutant ? undefined : knownIds.get(label);
  if (known !== undefined) {
    world.ids.set(label, known);
    return;
  }
  void engine()
    .idOf({ key, amount: 1 })
    .then((id) => {
      world.ids.set(label, id);
      if (!mutant) knownIds.set(label, id);
    });
}

function happen(
  world: World,
  event: PlannedEvent,
  started: readonly Started[],
  faults: Faults,
): void {
  const now = world.time.now();
  if (event.what !== 'call') world.note?.(JSON.stringify(event));
  const of = (by: number): Started => started[by % started.length]!;
  switch (event.what) {
    case 'call': {
      const { process, engine } = of(event.by);
      process.whenRunning(() => engine().call({ key: event.key, amount: event.amount }));
      break;
    }
    case 'pause':
      of(event.by).process.pause(event.ms);
      break;
    case 'jump':
      of(event.by).process.skewMs += event.ms;
      break;
    case 'crash':
      of(event.by).process.isDead = true;
      break;
    case 'away':
      faults.awayUntil = now + event.ms;
      break;
    case 'failover':
      for (const { process } of started) process.isMisdirected = true;
      break;
    case 'rollback':
      rollBack(world, event.ms);
      break;
    case 'evict': {
      const id = world.ids.get(labelOf(event.key))!;
      if (world.table.rows.delete(id)) world.excused.add(id);
      break;
    }
    case 'delete':
    case 'release': {
      const { process, engine } = of(event.by);
      const id = world.ids.get(labelOf(event.key))!;
      process.whenRunning(() => void operate(world, engine().idempotency, event, id, process));
    }
  }
}

/** What the server wrote lately is gone with it: so is every promise about those records. */
function rollBack(world: World, ms: number): void {
  const { rows } = world.table;
  const before = new Map(rows);
  world.time.schedule(ms, () => {
    for (const id of new Set([...before.keys(), ...rows.keys()])) {
      const row = before.get(id);
      if (row === rows.get(id)) continue;
      world.excused.add(id);
      if (row) rows.set(id, row);
      else rows.delete(id);
    }
  });
}

/** A workflow that is released goes on with the steps that it has, which may be another payload's. */
async function clearWorkflow(world: World, { records }: Idempotency, id: string): Promise<void> {
  try {
    if (world.plan.setting.isWorkflow) await records.delete(id, { steps: true });
  } catch (error) {
    if (!isIdempotencyError(error)) throw error;
  }
}

async function operate(
  world: World,
  { records }: Idempotency,
  { what }: PlannedEvent,
  id: string,
  process: Process,
): Promise<void> {
  const { isTiered } = world.plan.setting;
  try {
    if (what === 'release') {
      const steps = world.plan.setting.isWorkflow;
      if (!(await records.release(id, { steps }))) return;
      for (const { id: one, workflow } of world.table.rows.values()) {
        if (one === id || workflow === id) clear(world, one);
      }
      return;
    }
    const result = world.current(id);
    if (!(await records.delete(id)) || !result || !isTiered) return;
    // Its own copy goes with it, so nothing of it is served here from now on.
    if (result.to !== Number.POSITIVE_INFINITY) result.endedBy = process;
  } catch (error) {
    if (!isIdempotencyError(error)) throw error;
  }
}

/** When the faults are over, and the leases too: every caller that lives reaches the store, and every
 * key that was called can be worked for again. */
function checkLiveness(
  world: World,
  started: readonly Started[],
  faults: Faults,
  mutant: Mutant | undefined,
): void {
  const { calls } = world;
  // A process that has called nothing, and a key that nobody has called, have nothing to get over.
  const callers = new Set(calls.map(({ process }) => process));
  const called = new Set(calls.map(({ order }) => labelOf(order.key)));
  for (const { process, engine } of started) {
    if (process.isDead || !callers.has(process)) continue;
    const isReached = tryOften(
      world,
      process,
      (tries) => ({ key: `alive ${tries}`, amount: 1 }),
      engine().call,
    );
    if (!isReached) check(world, 'stuck', `process ${process.index} never reached the store again`);
  }
  const { process, engine } = startProcess(world, faults, mutant);
  const { call, idempotency } = engine();
  for (const key of world.plan.setting.keys) {
    if (!called.has(labelOf(key))) continue;
    const id = world.ids.get(labelOf(key))!;
    const release = (): void => {
      void operate(world, idempotency, { at: 0, what: 'release', by: 0, key }, id, process);
      void clearWorkflow(world, idempotency, id);
      world.time.pass(2_000);
    };
    const orderOf = (tries: number): Order => ({ key, amount: 1 + (tries % 2) });
    if (!tryOften(world, process, orderOf, call, release)) {
      check(world, 'stuck', `${labelOf(key)} is stuck`);
    }
  }
}

const mostTries = 20;

function tryOften(
  { time }: World,
  process: Process,
  orderOf: (tries: number) => Order,
  call: Engine['call'],
  between?: () => void,
): boolean {
  let isAnswered = false;
  for (let tries = 0; tries < mostTries && !isAnswered && !process.isDead; tries++) {
    let isOver = false;
    call(orderOf(tries), (answered) => {
      isOver = true;
      isAnswered = answered;
    });
    time.pass(5_000, () => isOver);
    if (!isAnswered) {
      time.schedule(1_000, () => {});
      time.pass(1_000);
      between?.();
    }
  }
  return isAnswered || process.isDead;
}
