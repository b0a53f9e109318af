import { randomUUID } from 'node:crypto';
import {
  DeleteTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import type { Claim } from '@twiceproof/core';
import { RECORD_FORMAT } from '@twiceproof/core';
import { startDynamodb } from '@twiceproof/engines';
import { afterAll, beforeAll } from 'vitest';
import { type DynamodbStoreOptions, dynamodbStore } from '../src/index.ts';

/** One emulator for the tests of a file, and everything that tests ask of it. */
export interface Emulator {
  readonly endpoint: string;
  client(config?: DynamoDBClientConfig): DynamoDBClient;
}

export function useEmulator(): Emulator {
  let endpoint = '';
  const clients: DynamoDBClient[] = [];
  let stop = async () => {};
  beforeAll(async () => {
    const engine = await startDynamodb();
    endpoint = engine.endpoint;
    stop = () => engine.stop();
  }, 60_000);
  afterAll(async () => {
    const cleaner = new DynamoDBClient(local(endpoint));
    clients.push(cleaner);
    for (const table of tables) await deleteTable(cleaner, table);
    for (const client of clients) client.destroy();
    await stop();
  }, 60_000);
  return {
    get endpoint() {
      return endpoint;
    },
    client(config) {
      const client = new DynamoDBClient({ ...local(endpoint), ...config });
      clients.push(client);
      return client;
    },
  };
}

/** What a client of the emulator needs; any region and any credentials will do. */
export function local(endpoint: string): DynamoDBClientConfig {
  return {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
}

const tables: string[] = [];

/** The name of a table that is removed after the last test of the file. */
export function newTable(): string {
  const table = `idempotency-${randomUUID()}`;
  tables.push(table);
  return table;
}

async function deleteTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName: table }));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
  }
}

/** A store on a new table. */
export async function newStore(
  client: DynamoDBClient,
  options: Partial<DynamodbStoreOptions> = {},
): Promise<ReturnType<typeof dynamodbStore> & { readonly table: string }> {
  const table = options.table ?? newTable();
  const store = dynamodbStore({ client, table, ...options });
  await store.setup();
  return { ...store, table };
}

export function newClaim(overrides: Partial<Claim> = {}): Claim {
  const token = randomUUID();
  return {
    id: `test/charge/0/${token}`,
    environment: 'test',
    operation: 'charge',
    run: 0,
    token,
    leaseMs: 30_000,
    retentionMs: 3_600_000,
    abandoned: 'reexecute',
    formatVersion: RECORD_FORMAT,
    ...overrides,
  };
}

/** Another caller's claim of the same record. */
export function rivalOf(claim: Claim, overrides: Partial<Claim> = {}): Claim {
  return { ...claim, token: randomUUID(), ...overrides };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Counts the requests that a client makes from now on, by command. */
export function countRequests(client: DynamoDBClient): {
  take(): Readonly<Record<string, number>>;
} {
  let counts: Record<string, number> = {};
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = context.commandName ?? 'unknown';
      counts[name] = (counts[name] ?? 0) + 1;
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
  );
  return {
    take() {
      const taken = counts;
      counts = {};
      return taken;
    },
  };
}
