import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createIdempotency, type Idempotency, type Store } from '@twiceproof/core';
import { afterAll, inject } from 'vitest';
import { openStore } from '../src/stores/open-store.ts';

/** A kind of store, on a real engine. */
export interface Backend {
  readonly name: 'Redis' | 'Postgres' | 'MySQL' | 'DynamoDB' | 'SQLite';
  /** A URL whose records are nobody else's. */
  newUrl(): string;
}

const newName = () => `test_${randomBytes(6).toString('hex')}`;

export const backends: readonly Backend[] = [
  { name: 'Redis', newUrl: () => `${inject('redis')}?prefix=${newName()}` },
  { name: 'Postgres', newUrl: () => `${inject('postgres')}?schema=${newName()}` },
  { name: 'MySQL', newUrl: () => `${inject('mysql')}?table=${newName()}` },
  {
    name: 'DynamoDB',
    newUrl: () => `dynamodb://eu-central-1/${newName()}?endpoint=${inject('dynamodb')}`,
  },
  { name: 'SQLite', newUrl: () => `sqlite:${join(inject('folder'), `${newName()}.db`)}` },
];

/** What applications have at the store of a URL. */
export interface Application {
  readonly url: string;
  readonly store: Store;
  readonly idempotency: Idempotency;
  in(environment: string): Idempotency;
}

const closing: (() => Promise<void>)[] = [];

/** To be called at the top of a test file that opens stores. */
export function closeStoresAfterwards(): void {
  afterAll(async () => {
    for (const close of closing.splice(0)) await close();
  });
}

/** Opens the store of a new URL as an application would, with all that it needs in place. */
export async function newApplication(backend: Backend): Promise<Application> {
  const url = backend.newUrl();
  const { store, close } = await openStore(url, { cwd: import.meta.dirname, connections: 2 });
  closing.push(close);
  await store.setup?.();
  const within = (environment: string) => createIdempotency({ environment, store });
  return { url, store, idempotency: within('prod'), in: within };
}

/** Executes work under a key, and answers the id of its record. */
export async function execute(
  idempotency: Idempotency,
  operation: string,
  key: string,
  work: () => unknown = () => ({ paid: key }),
): Promise<string> {
  const wrapped = idempotency.wrap(async (_key: string) => work(), {
    operation,
    key: (each) => each,
  });
  await wrapped(key).catch(() => {});
  return wrapped.idOf(key);
}

export function fail(message = 'gateway is down'): never {
  throw new Error(message);
}

/** A record whose executor is at work, or crashed where the lease is short. */
export async function claim(
  { store, idempotency }: Application,
  key: string,
  leaseMs: number,
  abandoned: 'hold' | 'reexecute' = 'hold',
): Promise<{ readonly id: string; readonly token: string }> {
  const wrapped = idempotency.wrap(async (_key: string) => {}, {
    operation: 'ship',
    key: (each) => each,
  });
  const id = await wrapped.idOf(key);
  const token = randomBytes(16).toString('base64url');
  await store.acquire({
    id,
    environment: 'prod',
    operation: 'ship',
    run: 0,
    token,
    leaseMs,
    retentionMs: abandoned === 'hold' ? null : 3_600_000,
    keyPreview: key,
    abandoned,
    formatVersion: 1,
  });
  return { id, token };
}
