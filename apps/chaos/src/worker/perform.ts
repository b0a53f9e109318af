import { randomUUID } from 'node:crypto';
import { setTimeout as elapsed } from 'node:timers/promises';
import { createIdempotency, currentExecution, type Probe, type Settled } from '@twiceproof/core';
import type { Answer, Effect } from '../history/event.ts';
import { now } from '../now.ts';
import { keyed } from './keyed.ts';
import type { Mishap, ToWorker } from './messages.ts';
import { meet } from './mishap.ts';
import { notingClaims } from './noting-claims.ts';
import { openStore, type Work } from './open-store.ts';
import { askProvider } from './provider-client.ts';
import { tellingSlowness } from './slow-store.ts';

const effectMs = 20;

type Performer = (asked: ToWorker & { kind: 'call' }) => Promise<Answer>;

/** Makes the function that a worker calls; every answer says what its caller may conclude. */
export async function performer({
  connection,
  mode,
  leaseMs,
}: ToWorker & { kind: 'start' }): Promise<Performer> {
  const { store, inTransaction } = await openStore(connection);
  const { noting, claimOf } = notingClaims(tellingSlowness(store, leaseMs / 3));
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
