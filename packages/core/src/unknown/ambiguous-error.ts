/** Of Node, undici and drivers: the connection, or the wait for an answer, ended after a request was sent. */
const ambiguousCodes: ReadonlySet<unknown> = new Set([
  'ABORT_ERR',
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ERR_CANCELED',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ESOCKETTIMEDOUT',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'UND_ERR_ABORTED',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_DESTROYED',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
  // SQLSTATE: the connection or the server ended while a statement was under way.
  '08000',
  '08006',
  '08007',
  '40003',
  '57P01',
  '57P02',
]);

/** Names of classes: not every driver gives its errors the name. */
const ambiguousNames: ReadonlySet<unknown> = new Set([
  'AbortError',
  'MaxRetriesPerRequestError',
  'SocketClosedUnexpectedlyError',
]);

/** Of drivers whose errors have no code. */
const ambiguousMessages =
  /^(?:Connection terminated(?: unexpectedly)?|Query read timeout|Command timed out|Connection is closed\.)$/;

/** What happened before a request could be sent, whatever its code. */
const beforeDispatch =
  /before secure TLS connection|did not establish a connection|trying to connect|connection timeout/i;

interface Clues {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly response?: { readonly status?: unknown } | undefined;
  readonly $metadata?: { readonly httpStatusCode?: unknown } | undefined;
}

/** Whether an error, regardless of its reasons, is a timeout or a reset after a request was sent. */
export function isAmbiguous(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  try {
    return hasClues(error);
  } catch {
    return false;
  }
}

function hasClues(clues: Clues): boolean {
  const { name, code, syscall, errors } = clues;
  const className = clues.constructor?.name;
  const message = typeof clues.message === 'string' ? clues.message : '';
  // One error for several tries to connect: each of them says more.
  if (Array.isArray(errors) && errors.length > 0) return false;
  if (syscall === 'connect' || syscall === 'getaddrinfo' || beforeDispatch.test(message)) {
    return false;
  }
  return (
    ambiguousCodes.has(code) ||
    isAmbiguousName(name) ||
    isAmbiguousName(className) ||
    ambiguousMessages.test(message) ||
    statusOf(clues) === 504
  );
}

/** `TimeoutError`, `RequestTimeout`, `HeadersTimeoutError`, but not `ConnectTimeoutError`. */
function isAmbiguousName(name: unknown): boolean {
  if (typeof name !== 'string') return false;
  if (ambiguousNames.has(name)) return true;
  return /Timeout(?:Error|Exception)?$/.test(name) && !/^Connect(?:ion)?Timeout/.test(name);
}

function statusOf({ status, statusCode, response, $metadata }: Clues): unknown {
  return status ?? statusCode ?? response?.status ?? $metadata?.httpStatusCode;
}
