import { isIdempotencyError } from '../errors.ts';
import type { Deployment } from './deployment.ts';
import type { HeldLease } from './held-lease.ts';

/**
 * Settles a record under its lease, which ends with it. If the store is away until its timeout, the
 * caller is told, and the settlement goes on in the background, with the lease renewed: until it is
 * done, or somebody else owns the record.
 */
export async function settleRecord<Settled>(
  { background }: Deployment,
  recordId: string,
  lease: HeldLease,
  bytes: number,
  settle: () => Promise<Settled>,
): Promise<Settled> {
  try {
    const settled = await settle();
    lease.stop();
    return settled;
  } catch (error) {
    if (isIdempotencyError(error, 'STORE_UNAVAILABLE')) {
      lease.keep();
      background.add({
        recordId,
        bytes,
        ask: async () => {
          await settle();
          return true;
        },
        onEnd: () => lease.stop(),
      });
    } else lease.stop();
    throw error;
  }
}
