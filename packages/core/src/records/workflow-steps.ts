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
        if (await change(step, recordVersion(step))) isAnyChanged = true;
      },
    },
  );
  return isAnyChanged;
}

function overtaken(recordId: string): IdempotencyError {
  const message = `${recordId} was claimed by a call while its steps were changed; do it again`;
  return new IdempotencyError('LEASE_LOST', message, { recordId });
}
