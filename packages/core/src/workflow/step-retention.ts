import type { Deployment } from '../execution/deployment.ts';
import type { OperationOptions, Retention } from '../options/options.ts';
import { retentionOf } from '../options/retention.ts';

/** Nobody restarts a workflow later than that; and what nobody restarts must not stay for ever. */
export const longestRestartMs: number = 365 * 24 * 3_600_000;

/** How long the steps of a workflow are kept while it may be restarted. */
export function retentionOfSteps({ retention = '24h' }: OperationOptions): Retention {
  const { completed, failed } = retentionOf(retention);
  return { completed: whileRestarted(completed) ?? false, failed: whileRestarted(failed) ?? false };
}

/** The same of one retention; null for ever. */
export function whileRestarted(retentionMs: number | null): number | null {
  return retentionMs === null ? null : Math.max(retentionMs, longestRestartMs);
}

/** Keeps the steps of a completed workflow for no longer than its record. Where that fails they stay for
 * as long as they were to stay while it could be restarted. */
export async function retireSteps(
  { requests }: Deployment,
  ids: Iterable<string>,
  retentionMs: number | null,
  retirement: 'on' | 'paused',
): Promise<void> {
  const { store } = requests;
  if (!store.extend || retentionMs === null) return;
  const retire = async (id: string): Promise<void> => {
    await requests.askOnce('extend', id, { retirement }, (request) =>
      store.extend!(id, retentionMs, request),
    );
  };
  await Promise.allSettled(Array.from(ids, retire));
}
