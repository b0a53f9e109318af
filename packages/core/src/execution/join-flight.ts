import { IdempotencyError } from '../errors.ts';
import { type Answer, type Call, ended } from './call.ts';
import { checkRecord } from './check-record.ts';
import type { Deployment } from './deployment.ts';
import type { Flight } from './flights.ts';
import { refuseInProgress } from './in-progress.ts';
import { Patience } from './patience.ts';
import { replay } from './replay.ts';
import { circleOf, waitFor } from './waits-for.ts';
import { whileWanted } from './while-wanted.ts';

// A flight of this process does not know the end of its lease.
const pauseAfterFlightMs = 1_000;

/** Waits for what another call of this process is doing. Answers what came of it; undefined if this call is to
 * ask for itself. */
export async function joinFlight<T>(
  deployment: Deployment,
  call: Call,
  flight: Flight,
): Promise<Answer<T> | undefined> {
  const { info } = call;
  const circle = circleOf(flight);
  if (circle) throw refuseCircle(call, circle);
  const patience = patienceOf(deployment, call, deployment.runtime.clock.now());
  const stopWaiting = waitFor(flight);
  try {
    const landing = await whileWanted(deployment, call, patience, () =>
      patience.until(flight.landed),
    );
    if (landing?.outage) {
      info.record = landing.record;
      throw ended(info, 'store_error', landing.outage);
    }
    if (landing) {
      // What another caller was answered is no more than what the store says to this one.
      checkRecord(call, landing.record);
      return await replay<T>(call, landing.record, landing.recorded);
    }
    if (patience.isOver) throw refuseInProgress(call, pauseAfterFlightMs);
    return undefined;
  } finally {
    stopWaiting();
  }
}

/** How long a call waits, all in all. Only for one that may. */
export function patienceOf({ runtime }: Deployment, call: Call, now: number): Patience {
  const { inProgress } = call.policy;
  const waitMs = inProgress === 'reject' ? 0 : inProgress.waitMs;
  call.patience ??= new Patience(runtime.clock, runtime.random, now + waitMs);
  return call.patience;
}

/** Each of these calls would wait for the next one, and the last one for the first. */
function refuseCircle(call: Call, ids: readonly string[]): IdempotencyError {
  const { id } = call;
  const waits = ids.map((waiting, at) => `${waiting} waits for ${ids[at + 1] ?? id}`);
  const message = `${id} would never be answered: ${waits.join(', ')}; let one of them not call the other, or not wait for it`;
  return ended(
    call.info,
    'in_progress',
    new IdempotencyError('IN_PROGRESS', message, {
      recordId: id,
      retryAfterMs: pauseAfterFlightMs,
    }),
  );
}
