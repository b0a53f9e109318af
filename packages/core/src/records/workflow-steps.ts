import { IdempotencyError } from '../errors.ts';
import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/request.ts';
import { recordVersion, type StoredRecord } from '../store.ts';
import { forEachRecord } from './each-record.ts';
import type { ClaimedRecord } from './operator-action.ts';

/**
 * Changes the steps of a workflow. `mine` is the workflow's record where the action has claimed it: no
 * call may run the workflow while its steps are half changed. Answers whether any was changed.
 */
export async function changeSteps(
  deployment: Deployment,
  details: RequestDetails,
  workflow: string,
  mine: ClaimedRecord | undefined,
  change: (step: StoredRecord, version: string) => Promise<boolean>,
): Promise<boolean> {
  let isAnyChanged = false;
  await forEachRecord(
    deployment,
    details,
    { workflow, limit: 200 },
    {
      async work(step) {
        if (mine && !mine.lease.isHeld) throw overtaken(workflow);
        if (await changeSettled(deployment, details, step, change)) isAnyChanged = true;
      },
    },
  );
  return isAnyChanged;
}

/** A step whose expiry moves meanwhile, as at the end of its workflow, is still as it was listed. */
async function changeSettled(
  { requests }: Deployment,
  details: RequestDetails,
  listed: StoredRecord,
  change: (step: StoredRecord, version: string) => Promise<boolean>,
): Promise<boolean> {
  let step = listed;
  for (;;) {
    const version = recordVersion(step);
    if (await change(step, version)) return true;
    const now = await requests.askOnce('get', step.id, details, (options) =>
      requests.store.get(listed.id, options),
    );
    if (now?.fence !== listed.fence || now.status !== listed.status) return false;
    if (recordVersion(now) === version) return false;
    step = now;
  }
}

function overtaken(recordId: string): IdempotencyError {
  const message = `${recordId} was claimed by a call while its steps were changed; do it again`;
  return new IdempotencyError('LEASE_LOST', message, { recordId });
}
