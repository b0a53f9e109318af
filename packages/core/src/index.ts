export { type Duration, durationMs } from './duration.ts';
export {
  IdempotencyError,
  type IdempotencyErrorCode,
  type IdempotencyErrorDetails,
  isIdempotencyError,
} from './errors.ts';
export {
  type Acquisition,
  type Claim,
  type EncodedOutcome,
  type ErrorNote,
  type FailureNote,
  type Lease,
  RECORD_FORMAT,
  type RecordPage,
  type RecordQuery,
  type RecordStatus,
  recordVersion,
  type Settlement,
  type Store,
  type StoredRecord,
  type StoreOptions,
} from './store.ts';
