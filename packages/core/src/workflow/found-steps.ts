import type { Call } from '../execution/call.ts';
import type { Deployment } from '../execution/deployment.ts';
import type { StoredRecord } from '../store.ts';
import { longestRestartMs, retireSteps, whileRestarted } from './step-retention.ts';

/** Clocks and rounding come between what a step was to be kept for and what its record says. */
const marginMs = 1_000;

/** Whether it is a workflow's own record. */
export function isWorkflow({
  inputDigest,
  workflow,
}: Pick<StoredRecord, 'inputDigest' | 'workflow'>): boolean {
  return inputDigest !== undefined && workflow === undefined;
}

/**
 * Keeps the steps of a workflow for no longer than its record where another than its own execution has completed
 * it: they have to be looked for. Those with a retention of their own are left alone; `keptMs` is what the others are
 * kept for. Where that fails they stay for as long as they were to stay while it could be restarted.
 */
export async function retireFoundSteps(
  deployment: Deployment,
  workflow: string,
  retentionMs: number | null,
  retirement: 'on' | 'paused',
  keptMs: readonly (number | null)[] = [longestRestartMs],
): Promise<void> {
  const { requests } = deployment;
  const { store } = requests;
  if (!store.extend || retentionMs === null) return;
  const isKeptForIt = ({ completedAt, expiresAt }: StoredRecord): boolean =>
    completedAt !== undefined &&
    expiresAt !== undefined &&
    keptMs.some((ms) => ms !== null && Math.abs(expiresAt - completedAt - ms) < marginMs);
  let cursor: string | undefined;
  try {
    do {
      const query = { workflow, limit: 50, cursor };
      const page = await requests.askOnce('list', undefined, { retirement }, (request) =>
        store.list(query, request),
      );
      const ids = page.records.filter(isKeptForIt).map(({ id }) => id);
      await retireSteps(deployment, ids, retentionMs, retirement);
      cursor = page.cursor;
    } while (cursor !== undefined);
  } catch {
    // The workflow is completed all the same.
  }
}

/**
 * The same after a call that has completed a workflow without executing it. Nobody waits for that, but for whoever
 * ends the process. A store that cannot count by an index has none for the steps either: it would have to be walked
 * through, which no call may cost.
 */
export function retireStepsOf(
  deployment: Deployment,
  { claim: { id, workflow }, inputDigest, policy: { retention, retirement } }: Call,
): void {
  const { lifecycle, requests } = deployment;
  if (!isWorkflow({ inputDigest, workflow }) || !requests.store.stats) return;
  const keptMs = [whileRestarted(retention.completed), whileRestarted(retention.failed)];
  lifecycle.begin();
  void retireFoundSteps(deployment, id, retention.completed, retirement, keptMs).finally(() =>
    lifecycle.end(),
  );
}
