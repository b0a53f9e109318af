import { randomUUID } from 'node:crypto';
import { setTimeout as elapsed } from 'node:timers/promises';
import {
  createIdempotency,
  currentExecution,
  type Probe,
  type Settled,
  type Store,
} from '@twiceproof/core';
import type { Answer, Effect } from '../history/event.ts';
import { now } from '../now.ts';
import { keyed } from './keyed.ts';
import type { Mishap, ToWorker } from './messages.ts';
import { meet } from './mishap.ts';
import { openStore, type Work } from './open-store.ts';
import { askProvider } from './provider-client.ts';

const effectMs = 20;

type Performer = (asked: ToWorker & { kind: 'call' }) => Promise<Answer>;

/** Makes the function that a worker calls; every answer says what its caller may conclude. */
export async function performer({
  connection,
  mode,
  leaseMs,
}: ToWorker & { kind: 'start' }): Promise<Performer> {
  const { store, inTransaction } = await openStore(connection);
  const { noting, claimOf } = notingClaims(store);
  const mishaps = new Map<number, Mishap>();
  const { environment, ...operation } = keyed;
  const idempotency = createIdempotency({
    environment,
    store: noting,
    lease: leaseMs,
    storeTimeout: '4s',
  });

  const run = async ({ key, call }: Work, happen: (effect: Effect) => Promise<void>) => {
    const { id, fence, attempt, downstreamKey } = currentExecution();
    const mishap = mishaps.get(call);
    const claim = claimOf(id!);
    await meet(call, mishap, 'claimed');
    await elapsed(effectMs);
    const effect = randomUUID();
    const line = { effect, key, downstreamKey, call, worker: process.pid };
    await happen({ ...line, ...claim, fence, attempt, at: now() });
    await meet(call, mishap, 'effect done');
    return effect;
  };
  const provided = (work: Work) =>
    run(work, async (effect) => {
      if ((await askProvider({ kind: 'provide', effect })) === null) {
        throw new Error('the provider was told that this attempt is called off');
      }
    });
  const written = inTransaction?.((tx, work) =>
    run(work, async (effect) => {
      await tx.query('INSERT INTO chaos_ledger (line) VALUES ($1)', [JSON.stringify(effect)]);
    }),
  );
  const perform = idempotency.wrap(written ?? provided, {
    ...operation,
    ...(mode === 'probe' ? { abandoned: probe, failure: 'unknown' as const } : {}),
  });

  return async ({ call, key, mishap }) => {
    if (mishap) mishaps.set(call, mishap);
    const settled = await perform.settled({ key, call });
    if (settled.started) await meet(call, mishap, 'settled');
    mishaps.delete(call);
    return answerOf(settled);
  };
}

const probe: Probe = async ({ downstreamKey, fence }) => {
  const found = await askProvider({ kind: 'find', downstreamKey, fence });
  return found === null ? 'reexecute' : { completed: found };
};

function answerOf(settled: Settled<string>): Answer {
  const { outcome, value, started } = settled;
  if (!('error' in settled)) return { kind: 'ok', value, outcome };
  return { kind: started ? 'unknown' : 'fail', outcome, error: String(settled.error) };
}

/** The same store, with the token and the time of each record's last claim. */
function notingClaims(store: Store) {
  const claims = new Map<string, { token: string; claimedAt: number }>();
  const acquire: Store['acquire'] = async (claim, options) => {
    const noted = { token: claim.token, claimedAt: now() };
    const acquisition = await store.acquire(claim, options);
    if (acquisition.status === 'acquired') claims.set(claim.id, noted);
    return acquisition;
  };
  const noting = new Proxy(store, {
    get(target, name) {
      if (name === 'acquire') return acquire;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { noting, claimOf: (id: string) => claims.get(id)! };
}
