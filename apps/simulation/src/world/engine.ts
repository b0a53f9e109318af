import {
  createIdempotency,
  type Idempotency,
  type IdempotencyOptions,
  type ProbeAnswer,
  type Settled,
  unknownIfAmbiguous,
} from '@twiceproof/core';
import { Chance } from '../chance.ts';
import { check } from '../checkers/check.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { leaseMs } from '../plan.ts';
import './load-on-demand.ts';
import { inBatches } from './batches.ts';
import { type Called, labelOf, type Order } from './ledger.ts';
import { type NetworkFault, overNetwork, withoutNetwork } from './network.ts';
import type { Process } from './process.ts';
import { clocksApartMs, protocolOf, type Send } from './protocols.ts';
import { stackOn } from './stack.ts';
import { isPristine, spoil, type Value, valueWith } from './value.ts';
import { watchStore } from './watch-store.ts';
import { clear } from './watch-table.ts';
import { workOf } from './work.ts';
import type { World } from './world.ts';

const storeTimeoutMs = 200;

/** Core, a store and the work, as one process has them. */
export interface Engine {
  readonly idempotency: Idempotency;
  /** Calls the work. `onEnd` is told whether it got a value. */
  call(order: Order, onEnd?: (isAnswered: boolean) => void): void;
  idOf(order: Order): Promise<string>;
}

/** Where the faults of the network come from, and when the store is away. */
export interface Faults {
  rate: number;
  awayUntil: number;
}

export function startEngine(
  world: World,
  process: Process,
  faults: Faults,
  mutant: Mutant | undefined,
): Engine {
  const { plan, time, table } = world;
  const { setting } = plan;
  const chance = new Chance(plan.seed, 3 * process.index + 1);
  const network = {
    time,
    chance,
    // Not a getter: its object would have a shape of its own, which keeps the whole world alive for long.
    faultRate: () => faults.rate,
    isAway: () => time.now() < faults.awayUntil,
    isCalm: () => world.isCalm,
    onFault: (fault: NetworkFault) => {
      world.faults[fault] = (world.faults[fault] ?? 0) + 1;
    },
    onRefused: () => {
      process.isMisdirected = mutant?.keepsWrongServer === true;
    },
  };
  let send: Send = setting.kind === 'memory' ? withoutNetwork : overNetwork(process, network);
  if (setting.isBatched) send = inBatches(send, process, chance, setting.faultRate, mutant?.batch);
  const clockOffMs =
    setting.kind === 'dynamodb' ? chance.below(clocksApartMs) - clocksApartMs / 2 : 0;
  const { isAtOnce } = setting;
  const around = { table, send, now: time.now, skewMs: () => clockOffMs, isAtOnce };
  const clock = mutant?.clock?.(process.clock, process) ?? process.clock;
  const reached = watchStore(world, process, protocolOf(setting.kind, around));
  const authority = mutant?.store?.(reached, world, process) ?? reached;
  let store = authority;
  if (setting.isTiered) {
    const tierChance = new Chance(plan.seed, 3 * process.index + 2);
    const mutate = mutant?.tier ?? ((fast) => fast);
    store = stackOn(authority, process, tierChance, setting.faultRate / 2, mutate);
    store = mutant?.stack?.(store, world, process) ?? store;
  }

  /** What the world outside knows of an effect, if it can be asked. */
  const probe = ({ id, fence }: { id: string; fence: number }): ProbeAnswer => {
    const { token = '' } = world.table.rows.get(id) ?? {};
    const effect = world.effectOf({ id, fence, token });
    if (effect?.happened) {
      world.found.set(id, effect.text);
      return { completed: valueWith(effect.text) };
    }
    // What goes on may still happen.
    if (effect && effect.endedAt === undefined && !effect.process.isDead) return 'hold';
    if (chance.happens(0.2)) return 'hold';
    clear(world, id);
    return 'reexecute';
  };

  const options: IdempotencyOptions = {
    environment: 'sim',
    store,
    lease: leaseMs,
    retention: setting.retentionMs ?? false,
    storeTimeout: storeTimeoutMs,
    heartbeat: setting.heartbeat,
    inProgress: chance.pick(['reject', 'wait', { wait: 400 }] as const),
    abandoned: setting.abandoned === 'probe' ? probe : setting.abandoned,
    failure: setting.failure === 'ambiguous' ? unknownIfAmbiguous : setting.failure,
    runtime: { clock, random: chance.next, token: tokens(process.index) },
  };
  const idempotency = createIdempotency(mutant?.options?.(options) ?? options);
  const own = workOf(world, process, new Chance(plan.seed, 3 * process.index + 3));
  const work = mutant?.work?.(own, world) ?? own;
  const wrapping = {
    operation: 'work',
    key: ({ key }: Order) => mutant?.key?.(key) ?? key,
    ...(setting.hasFingerprint && { fingerprint: ({ amount }: Order) => amount }),
  };
  const wrapped = setting.isWorkflow
    ? idempotency.workflow(work.workflow, wrapping)
    : idempotency.wrap(work.plain, wrapping);

  const values = new Map<string, Value>();
  const underWay = new Map<string, { readonly since: number; calls: number }>();
  const call: Engine['call'] = (order, onEnd) => {
    const label = labelOf(order.key);
    const shared = underWay.get(label) ?? { since: time.now(), calls: 0 };
    underWay.set(label, shared);
    shared.calls++;
    const called: Called = { process, order, at: time.now(), isOver: false };
    world.calls.push(called);
    world.note?.(`process ${process.index}: call of ${label} for ${order.amount}`);
    const over = (own: Settled<Value>): void => {
      const settled = mutant?.shares ? sharing(values, own) : own;
      called.isOver = true;
      if (--shared.calls === 0) underWay.delete(label);
      const isAnswered = !process.isDead && answerOf(world, called, settled, shared.since);
      onEnd?.(isAnswered);
    };
    wrapped.settled({ ...order }).then(over);
  };
  const idOf = (order: Order): Promise<string> => wrapped.idOf(order);
  return { idempotency, call, idOf };
}

/** Shows the invariants what a caller got. Answers whether it got an outcome. */
function answerOf(world: World, called: Called, settled: Settled<Value>, from: number): boolean {
  const { process, order } = called;
  const { outcome, value, error } = settled;
  const to = world.time.now();
  world.outcomes[outcome] = (world.outcomes[outcome] ?? 0) + 1;
  world.note?.(
    `process ${process.index}: ${labelOf(order.key)} answered: ${outcome} ${value?.text ?? (error as Error)?.message ?? ''}`,
  );
  const base = { process, order, from, to };
  if (outcome === 'replayed_error') {
    const { message: text } = error as Error;
    // A workflow whose step is another payload's has failed for good, by no fault of an effect.
    if (!text.includes(' by fence ')) return true;
    const answer = { ...base, outcome: 'replayed', text, steps: [], isPristine: true } as const;
    check(world, 'answered', answer);
    return true;
  }
  if ((outcome === 'executed' || outcome === 'replayed') && value) {
    const { isWorkflow } = world.plan.setting;
    const isFound = value.tags[0] === 'made';
    const steps = isWorkflow && !isFound ? [...value.tags] : [];
    const answer = { ...base, outcome, text: value.text, steps, isPristine: isPristine(value) };
    check(world, 'answered', answer);
    spoil(value);
    return true;
  }
  if (error !== undefined) check(world, 'refused', called, error);
  return outcome === 'failed' && world.plan.setting.failure === 'record';
}

function tokens(process: number): () => string {
  let count = 0;
  return () => `${process}-${count++}`;
}

/** The object that whoever was first to get this value got. */
function sharing(values: Map<string, Value>, settled: Settled<Value>): Settled<Value> {
  const { value } = settled;
  if (!value) return settled;
  const first = values.get(value.text) ?? value;
  values.set(value.text, first);
  return { ...settled, value: first };
}
