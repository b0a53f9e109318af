import { IdempotencyError } from '@twiceproof/core';

/**
 * The fault to throw for one of the client's. Where only the user can help it is
 * `STORE_UNAVAILABLE` with the cure; what may pass by itself stays a plain error, which is retried.
 */
export function explained(fault: unknown, table: string, action: string): unknown {
  if (!(fault instanceof Error) || fault.name === 'AbortError') return fault;
  const passing = passingFault(fault, table);
  if (passing !== undefined) return new Error(passing, { cause: fault });
  const cure = cureOf(fault, table, action);
  return cure === undefined
    ? fault
    : new IdempotencyError('STORE_UNAVAILABLE', cure, { cause: fault });
}

/** Whether DynamoDB refused the write because the item would be over its limit. */
export function isItemTooLarge(fault: unknown): boolean {
  const { cause } = fault as { cause?: Error };
  return cause?.name === 'ValidationException' && /^item size/i.test(cause.message);
}

/** Whether DynamoDB knows no such place to go on from. */
export function isWrongPlace(fault: unknown): boolean {
  const { cause } = fault as { cause?: Error };
  return cause?.name === 'ValidationException' && /start(?:ing)? ?key/i.test(cause.message);
}

function passingFault(fault: Error, table: string): string | undefined {
  if (throttled.has(fault.name)) {
    return `DynamoDB throttles table '${table}' (${fault.name}): raise its capacity or its limits, or make it PAY_PER_REQUEST`;
  }
  if ((fault as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
    return `nothing listens at the client's endpoint (${fault.message || 'ECONNREFUSED'}): start the server, or correct the client's endpoint`;
  }
  return undefined;
}

const throttled: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

function cureOf(fault: Error, table: string, action: string): string | undefined {
  const { name, message } = fault;
  switch (name) {
    case 'ResourceNotFoundException':
      return `table '${table}' is not there, in the client's region and account: create it with setup(), or correct the table option or the client's region`;
    case 'ValidationException':
      return cureOfValidation(message, table);
    case 'AccessDeniedException':
    case 'NotAuthorizedException': {
      const denied = /perform: (dynamodb:\w+)/.exec(message)?.[1] ?? `dynamodb:${action}`;
      return `the client's credentials may not call ${denied} on table '${table}': allow it in their IAM policy (${message})`;
    }
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return `the client's credentials have expired: give the client a credentials provider that renews them (${message})`;
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'IncompleteSignatureException':
    case 'MissingAuthenticationTokenException':
      return `DynamoDB does not accept the client's credentials (${name}): check the access key, the secret, the session token and the region (${message})`;
    case 'CredentialsProviderError':
      return `the client found no credentials: give it credentials, a profile or a role (${message})`;
    case 'ResourceInUseException':
      return `table '${table}' is being created, changed or deleted: call again when it is ACTIVE (${message})`;
  }
  if (message === 'Region is missing') {
    return 'the client has no region: create it with one, or set AWS_REGION';
  }
  if ((fault as NodeJS.ErrnoException).code === 'ENOTFOUND') {
    return `the client's endpoint has no address: correct its region or its endpoint (${message})`;
  }
  return undefined;
}

function cureOfValidation(message: string, table: string): string {
  if (/key element|missing the key|type mismatch for key|conditions on the keys/i.test(message)) {
    return `table '${table}' has other keys than the options say: make partitionKey and sortKey fit its key schema, both of them text; verify() compares the two (${message})`;
  }
  if (/does not have the specified index/i.test(message)) {
    return `table '${table}' has no such index: correct listIndex, or leave it out (${message})`;
  }
  return `DynamoDB refused the request: ${message}`;
}
