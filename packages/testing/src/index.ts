export { describeStore } from './describe-store.ts';
export type { FaultyStore } from './faulty/faulty-store.ts';
export { faultyStores } from './faulty/faulty-stores.ts';
export {
  type FaultScript,
  type SeededFaultOptions,
  scriptedFaults,
  seededFaults,
} from './flaky/fault-plans.ts';
export { type FlakyStoreOptions, flakyStore } from './flaky/flaky-store.ts';
export { type Outage, outage } from './flaky/outage.ts';
export type { FaultPlan, StoreCall, StoreFault, StoreOperation } from './flaky/store-fault.ts';
export { crashAt } from './handlers/crash-at.ts';
export { deliverAtOnce } from './handlers/deliver-at-once.ts';
export { deliverTwice } from './handlers/deliver-twice.ts';
export type { DeliveryOptions } from './handlers/delivery-options.ts';
export {
  type EffectOptions,
  type EffectsLedger,
  effectsLedger,
  type LedgerEntry,
  type RecordedEffect,
} from './handlers/effects-ledger.ts';
export { type RunningClock, runningClock } from './handlers/running-clock.ts';
export {
  type DeliveryEnd,
  type SafetyReport,
  UnsafeHandlerError,
} from './handlers/safety-report.ts';
export type { StartHandler, TestProcess } from './handlers/test-process.ts';
export { newClaim, rivalOf } from './new-claim.ts';
export { type FailedSpec, runStoreSuite } from './run-store-suite.ts';
export type {
  OptionalPart,
  StoreCapabilities,
  StoreFactory,
  StoreHarness,
} from './store-harness.ts';
export type { StoreContext } from './suite/store-context.ts';
export type { StoreSpec } from './suite/store-spec.ts';
export { storeSuite } from './suite/store-suite.ts';
export { type VirtualClock, virtualClock } from './virtual-clock.ts';
