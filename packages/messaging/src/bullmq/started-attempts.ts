/**
 * Answers what to call before a job is delayed. It warns once where the worker has `maxStartedAttempts`: every delay counts
 * towards it, so that a job may fail for good without having been tried.
 */
export function watchStartedAttempts(): (job: unknown) => void {
  let said = false;
  return (job) => {
    const { queue } = job as { queue?: { opts?: { maxStartedAttempts?: unknown } } };
    if (said || !queue?.opts?.maxStartedAttempts) return;
    said = true;
    console.warn(
      'Twiceproof delays a job whose work is in progress elsewhere, which counts towards maxStartedAttempts: leave that option of the worker out, or jobs fail without having been tried.',
    );
  };
}
