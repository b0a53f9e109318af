export { describeStore } from './describe-store.ts';
export type {
  OptionalPart,
  StoreCapabilities,
  StoreFactory,
  StoreHarness,
} from './store-harness.ts';
export type { StoreContext } from './suite/store-context.ts';
export type { StoreSpec } from './suite/store-spec.ts';
export { storeSuite } from './suite/store-suite.ts';
