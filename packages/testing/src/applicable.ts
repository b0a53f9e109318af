import type { StoreCapabilities } from './store-harness.ts';
import type { StoreSpec } from './suite/store-spec.ts';
import { storeSuite } from './suite/store-suite.ts';

/** The specs that say something about a store of these capabilities. */
export function applicable(capabilities: StoreCapabilities): readonly StoreSpec[] {
  const without = [...(capabilities.without ?? [])];
  if (!capabilities.hasStats) without.push('stats');
  if (!capabilities.canFailOver) without.push('failOver');
  return storeSuite.filter((spec) => !spec.needs.some((part) => without.includes(part)));
}
