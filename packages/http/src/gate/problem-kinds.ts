/** The answers that the layer gives itself; a problem's type is `urn:twiceproof:problem:` and its name. */
export type ProblemName =
  | 'key-missing'
  | 'key-invalid'
  | 'body-invalid'
  | 'body-too-large'
  | 'in-progress'
  | 'payload-mismatch'
  | 'held'
  | 'outcome-unknown'
  | 'result-omitted'
  | 'store-unavailable'
  | 'scope-missing'
  | 'record-corrupt'
  | 'handler-failed'
  | 'signature-invalid'
  | 'event-unusable'
  | 'method-not-allowed';

/** What is said of every problem of a kind. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly code: string;
}

export const problemKinds: Readonly<Record<ProblemName, ProblemKind>> = {
  'key-missing': {
    status: 400,
    title: 'Idempotency key missing',
    detail:
      'This operation requires an idempotency key. Send one, and the same one with every retry.',
    code: 'KEY_MISSING',
  },
  'key-invalid': {
    status: 400,
    title: 'Idempotency key malformed',
    detail: 'The idempotency key must be sent once, as 1 to 255 visible ASCII characters.',
    code: 'KEY_UNSUPPORTED',
  },
  'body-invalid': {
    status: 400,
    title: 'Request body malformed',
    detail: 'The request body is incomplete, or not what its content type says.',
    code: 'BODY_INVALID',
  },
  'body-too-large': {
    status: 413,
    title: 'Request body too large',
    detail: 'The request body is larger than what is accepted together with an idempotency key.',
    code: 'BODY_TOO_LARGE',
  },
  'in-progress': {
    status: 409,
    title: 'Request in progress',
    detail:
      'A request with this idempotency key is being processed. Retry later with the same key.',
    code: 'IN_PROGRESS',
  },
  'payload-mismatch': {
    status: 422,
    title: 'Idempotency key used for another request',
    detail: 'This idempotency key was used with another payload. Use a new key for a new request.',
    code: 'FINGERPRINT_MISMATCH',
  },
  held: {
    status: 409,
    title: 'Request held',
    detail:
      'An earlier attempt of this request was interrupted, and somebody has to decide about it.',
    code: 'HELD',
  },
  'outcome-unknown': {
    status: 409,
    title: 'Outcome unknown',
    detail: 'It is not known whether this request took effect. Find out before you send it again.',
    code: 'OUTCOME_UNKNOWN',
  },
  'result-omitted': {
    status: 409,
    title: 'Response not kept',
    detail: 'This request was processed, but its response was not kept. Read what it did instead.',
    code: 'RESULT_OMITTED',
  },
  'store-unavailable': {
    status: 503,
    title: 'Idempotency store unavailable',
    detail: 'The request was not processed. Retry later with the same idempotency key.',
    code: 'STORE_UNAVAILABLE',
  },
  'scope-missing': {
    status: 500,
    title: 'No scope',
    detail: 'The request could not be attributed to a principal, and was not processed.',
    code: 'OPTIONS_INVALID',
  },
  'record-corrupt': {
    status: 500,
    title: 'Record unreadable',
    detail: 'The record of this request cannot be read, and somebody has to look at it.',
    code: 'RECORD_CORRUPT',
  },
  'handler-failed': {
    status: 500,
    title: 'Internal server error',
    detail:
      'The request could not be processed. It may be sent again with the same idempotency key.',
    code: 'HANDLER_FAILED',
  },
  'signature-invalid': {
    status: 401,
    title: 'Signature missing or wrong',
    detail: 'The event is not signed with the secret that is known here.',
    code: 'SIGNATURE_INVALID',
  },
  'event-unusable': {
    status: 400,
    title: 'No event',
    detail: 'The request holds no event that can be taken, or one that nothing names.',
    code: 'EVENT_UNUSABLE',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'Events are delivered with POST.',
    code: 'METHOD_NOT_ALLOWED',
  },
};
