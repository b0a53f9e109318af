export { type DecodedOutcome, decodeOutcome } from './decode.ts';
export { encodeOmitted, encodeValue, type OmittedReason } from './encode.ts';
export { encodeError } from './encode-error.ts';
export { errorNote } from './error-note.ts';
export { type OutcomeKind, outcomeKind } from './header.ts';
