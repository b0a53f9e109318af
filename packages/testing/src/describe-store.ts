import assert from 'node:assert/strict';
import { applicable } from './applicable.ts';
import type { StoreCapabilities, StoreFactory, StoreHarness } from './store-harness.ts';
import { withContext } from './suite/store-context.ts';
import type { StoreSpec } from './suite/store-spec.ts';
import { vitest } from './vitest.ts';

const optionalMethods = ['extend', 'fill', 'setup', 'watch', 'close'] as const;

/** Starting an engine may take long; so may 200 rounds of 50 claims on a slow one. */
const timeoutMs = 180_000;

/**
 * Registers the conformance suite for a store with Vitest: whatever passes it can stand under core.
 *
 * The factory is called once for the suite, and again for tests that need a harness of their own.
 * Every test uses record ids and an operation of its own, so a database may be shared.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@twiceproof/memory';
 * import { describeStore } from '@twiceproof/testing';
 *
 * describeStore(
 *   'memory',
 *   async () => {
 *     const store = memoryStore();
 *     return { stores: [store, store], dispose: async () => {} };
 *   },
 *   { without: ['setup', 'close', 'damage'], hasStats: true },
 * );
 * ```
 */
export function describeStore(
  name: string,
  factory: StoreFactory,
  capabilities: StoreCapabilities = {},
): void {
  const { afterAll, beforeAll, describe, test } = vitest();
  describe(name, () => {
    let harness: StoreHarness;
    beforeAll(async () => {
      harness = await factory();
    }, timeoutMs);
    afterAll(() => harness?.dispose(), timeoutMs);

    test('has the optional methods that it is said to have', () => {
      const without: readonly string[] = capabilities.without ?? [];
      for (const method of optionalMethods) {
        const expected = without.includes(method) ? 'undefined' : 'function';
        const message = expected === 'function' ? `${method} is missing: declare without` : method;
        for (const store of harness.stores) assert.equal(typeof store[method], expected, message);
      }
      for (const { stats } of harness.stores) {
        assert.equal(stats !== undefined, capabilities.hasStats ?? false, 'hasStats');
      }
    });

    for (const [topic, specs] of byTopic(applicable(capabilities))) {
      const concurrent = (capabilities.parallel ?? false) && !alone.has(topic);
      describe(topic, { concurrent }, () => {
        for (const spec of specs) {
          test(spec.name, { timeout: timeoutMs, ...noRetry(topic) }, () =>
            withContext(harness, factory, capabilities, spec.run),
          );
        }
      });
    }
  });
}

/**
 * Contention would keep the others from what they have to do in time. What paused retirement keeps, a claim of any
 * other test may remove: for them it is not paused.
 */
const alone: ReadonlySet<string> = new Set(['contention', 'paused retirement']);

/** What is lost in a race once is broken, however often it is won. */
function noRetry(topic: string): { readonly retry?: number } {
  return alone.has(topic) ? { retry: 0 } : {};
}

function byTopic(specs: readonly StoreSpec[]): Map<string, readonly StoreSpec[]> {
  return Map.groupBy(specs, (spec) => spec.topic);
}
