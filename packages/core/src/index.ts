export type { Clock } from './clock.ts';
export type { CompressionAlgorithm, CompressOptions } from './codec/compress.ts';
export type { EncryptOptions } from './codec/keyring.ts';
export type { TypeCodec } from './codec/type-codec.ts';
export { type CloseOptions, createIdempotency, type Idempotency } from './create-idempotency.ts';
export { type Duration, durationMs } from './duration.ts';
export {
  IdempotencyError,
  type IdempotencyErrorCode,
  type IdempotencyErrorDetails,
  isIdempotencyError,
} from './errors.ts';
export { currentExecution } from './execution/current-execution.ts';
export { downstreamKeyOf, downstreamUuidOf } from './execution/downstream.ts';
export type { Closed } from './execution/lifecycle.ts';
export type { CurrentExecution } from './execution/nested-execution.ts';
export type {
  CallAttributes,
  CallInfo,
  CallOutcome,
  Instrumentation,
  InstrumentationHooks,
  Observation,
  OperatorActionInfo,
  StoreOperationInfo,
} from './instrumentation.ts';
export { parseRecordId, type RecordIdParts } from './key/record-id.ts';
export type { IdempotentMethod } from './method.ts';
export type { Adopted, Adoption, AdoptionCall, ForeignClaim } from './options/adoption.ts';
export type { Offload } from './options/offload.ts';
export type {
  ExecuteOptions,
  IdempotencyOptions,
  KeyValue,
  OperationOptions,
  Retention,
  Runtime,
  WrapOptions,
} from './options/options.ts';
export type { Probe, ProbeAnswer } from './options/probe.ts';
export type { BulkBasics, BulkOptions, BulkProgress } from './records/bulk-action.ts';
export type {
  ActionOptions,
  CompleteOptions,
  StepActionOptions,
} from './records/operator-action.ts';
export type {
  ReconcileOptions,
  ReconcileProgress,
  ReconcileVerdict,
} from './records/reconcile.ts';
export type { AbandonedRecord, IdempotencyRecord } from './records/record.ts';
export type { RecordFilter } from './records/record-filter.ts';
export type { ListedRecords, Records } from './records/records.ts';
export { registerInstrumentation } from './registered-instrumentation.ts';
export type { Settled } from './settled.ts';
export {
  type Acquisition,
  type AtOnce,
  type Claim,
  type EncodedOutcome,
  type ErrorNote,
  type FailureNote,
  isOutcomeUnknown,
  type Lease,
  type OperationStats,
  RECORD_FORMAT,
  type RecordPage,
  type RecordQuery,
  type RecordStatus,
  recordVersion,
  type SettledBy,
  type Settlement,
  type Store,
  type StoredRecord,
  type StoreOptions,
} from './store.ts';
export { type Invalidation, type Tier, type TieredOptions, tiered } from './tiered.ts';
export { type OutcomeUnknownError, outcomeUnknown } from './unknown/outcome-unknown.ts';
export { unknownIfAmbiguous } from './unknown/unknown-if-ambiguous.ts';
export type { Step, StepOptions } from './workflow/step.ts';
export type { Execution, Wrapped } from './wrapped.ts';
