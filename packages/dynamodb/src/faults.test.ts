import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { isIdempotencyError } from '@twiceproof/core';
import { afterEach, describe, expect, test } from 'vitest';
import { local, newClaim, newTable, useEmulator } from '../test/emulator.ts';
import { dynamodbStore } from './dynamodb-store.ts';

const emulator = useEmulator();

async function faultOf(request: () => Promise<unknown>): Promise<Error> {
  try {
    await request();
  } catch (error) {
    return error as Error;
  }
  throw new Error('the request went through');
}

/** A fault that only the user can help: coded, with the client's own error as its cause. */
async function isUnavailable(request: () => Promise<unknown>, cure: RegExp, cause: RegExp) {
  const error = await faultOf(request);
  expect(isIdempotencyError(error, 'STORE_UNAVAILABLE')).toBe(true);
  expect(error.message).toMatch(cure);
  expect((error.cause as Error).name).toMatch(cause);
}

describe('a missing table', () => {
  test('is named, with setup() as the cure', async () => {
    const store = dynamodbStore({ client: emulator.client(), table: 'not-there' });
    const { id, token } = newClaim();
    for (const request of [
      () => store.acquire(newClaim()),
      () => store.get(id),
      () => store.renew(id, token, 1_000),
      () => store.delete(id),
      () => store.list({ limit: 1 }),
    ]) {
      const cure = /table 'not-there' is not there.*setup\(\).*region/;
      await isUnavailable(request, cure, /ResourceNotFoundException/);
    }
  });
});

describe('a table with other keys', () => {
  const schemas: Record<
    string,
    Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions'>
  > = {
    'another name': {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    },
    'another type': {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
    },
    'a sort key': {
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    },
  };
  for (const [name, schema] of Object.entries(schemas)) {
    test(`of ${name} is a coded error that says what to compare`, async () => {
      const client = emulator.client();
      const table = newTable();
      await client.send(
        new CreateTableCommand({ TableName: table, BillingMode: 'PAY_PER_REQUEST', ...schema }),
      );
      const store = dynamodbStore({ client, table });
      const { id, token } = newClaim();
      for (const request of [
        () => store.acquire(newClaim()),
        () => store.get(id),
        () => store.renew(id, token, 1_000),
        () => store.delete(id),
      ]) {
        const cure = /other keys than the options say.*partitionKey and sortKey.*verify\(\)/;
        await isUnavailable(request, cure, /ValidationException/);
      }
    });
  }
});

test('an endpoint where nobody listens is a plain fault with its cure, to be tried again', async () => {
  const client = emulator.client({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
  const store = dynamodbStore({ client, table: 'any' });
  const error = await faultOf(() => store.get('a'));
  expect(isIdempotencyError(error)).toBe(false);
  expect(error.message).toMatch(/nothing listens.*endpoint/);
  expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
});

test('an endpoint without an address is a coded error', async () => {
  const client = emulator.client({ endpoint: 'http://no-such-host.invalid', maxAttempts: 1 });
  const store = dynamodbStore({ client, table: 'any' });
  await isUnavailable(() => store.get('a'), /no address.*region or its endpoint/, /^Error$/);
});

test('missing credentials are a coded error', async () => {
  const refuse = () =>
    Promise.reject(
      Object.assign(new Error('Could not load credentials from any providers'), {
        name: 'CredentialsProviderError',
      }),
    );
  const client = emulator.client({ credentials: refuse });
  const store = dynamodbStore({ client, table: 'any' });
  await isUnavailable(() => store.get('a'), /no credentials.*profile or a role/, /Credentials/);
});

test('a request that the caller gave up is the caller’s own abort', async () => {
  const store = dynamodbStore({ client: emulator.client(), table: 'any' });
  const error = await faultOf(() => store.get('a', { signal: AbortSignal.abort() }));
  expect(isIdempotencyError(error)).toBe(false);
  expect(error.name).toBe('AbortError');
});

describe('what only the service itself can answer', () => {
  let server: Server | undefined;
  let client: DynamoDBClient | undefined;
  afterEach(async () => {
    client?.destroy();
    await new Promise((closed) => server?.close(closed));
  });

  /** A store whose every request is refused with this error. */
  async function refusing(type: string, message: string) {
    server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb#${type}`, message }));
    });
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    client = new DynamoDBClient({ ...local(`http://127.0.0.1:${port}`), maxAttempts: 1 });
    return dynamodbStore({ client, table: 'orders' });
  }

  test('a missing right is named', async () => {
    const store = await refusing(
      'AccessDeniedException',
      'User: arn:aws:sts::123456789012:assumed-role/app is not authorized to perform: dynamodb:UpdateItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
    );
    const complete = () => store.complete('a', 't', { bytes: new Uint8Array(1), retentionMs: 1 });
    const cure = /may not call dynamodb:UpdateItem on table 'orders'.*IAM policy/;
    await isUnavailable(complete, cure, /AccessDeniedException/);
  });

  test('a missing right is named also where the service does not name it', async () => {
    const store = await refusing('AccessDeniedException', 'no');
    const cure = /may not call dynamodb:Scan on table 'orders'/;
    await isUnavailable(() => store.list({ limit: 1 }), cure, /AccessDeniedException/);
  });

  for (const [type, cure] of [
    ['ExpiredTokenException', /have expired.*renews them/],
    ['UnrecognizedClientException', /does not accept the client's credentials.*access key/],
    ['ValidationException', /DynamoDB refused the request: why/],
  ] as const) {
    test(`${type} is a coded error with its cure`, async () => {
      const store = await refusing(type, 'why');
      await isUnavailable(() => store.acquire(newClaim()), cure, new RegExp(type));
    });
  }

  for (const type of ['ProvisionedThroughputExceededException', 'ThrottlingException']) {
    test(`${type} is a plain fault with its cure, to be tried again`, async () => {
      const store = await refusing(type, 'slow down');
      const error = await faultOf(() => store.acquire(newClaim()));
      expect(isIdempotencyError(error)).toBe(false);
      expect(error.message).toMatch(/throttles table 'orders'.*PAY_PER_REQUEST/);
      expect((error.cause as Error).name).toBe(type);
    });
  }

  test('an internal error passes through as it is', async () => {
    const store = await refusing('InternalServerError', 'oops');
    const error = await faultOf(() => store.acquire(newClaim()));
    expect(isIdempotencyError(error)).toBe(false);
    expect(error.name).toBe('InternalServerError');
  });
});
