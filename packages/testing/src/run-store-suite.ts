import { applicable } from './applicable.ts';
import type { StoreCapabilities, StoreFactory } from './store-harness.ts';
import { withContext } from './suite/store-context.ts';

/** A spec of the suite that did not hold. */
export interface FailedSpec {
  readonly title: string;
  readonly error: unknown;
}

/**
 * Runs the conformance suite without a test runner: every spec on a harness of its own, all at once.
 * Answers the specs that failed, in the order of the suite.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@twiceproof/memory';
 * import { runStoreSuite } from '@twiceproof/testing';
 *
 * const failed = await runStoreSuite(
 *   async () => {
 *     const store = memoryStore();
 *     return { stores: [store, store], dispose: async () => {} };
 *   },
 *   { without: ['setup', 'close', 'damage'], hasStats: true },
 * );
 * for (const { title, error } of failed) console.error(title, error);
 * ```
 */
export async function runStoreSuite(
  factory: StoreFactory,
  capabilities: StoreCapabilities = {},
): Promise<readonly FailedSpec[]> {
  const failed = await Promise.all(
    applicable(capabilities).map(async ({ title, run }): Promise<FailedSpec[]> => {
      const harness = await factory();
      try {
        await withContext(harness, factory, capabilities, run);
        return [];
      } catch (error) {
        return [{ title, error }];
      } finally {
        await harness.dispose();
      }
    }),
  );
  return failed.flat();
}
