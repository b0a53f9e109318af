import { randomBytes } from 'node:crypto';
import {
  type AuditEntry,
  type ConsoleOptions,
  type RunningConsole,
  startConsole,
} from '@twiceproof/cli';
import { createIdempotency, type Idempotency, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

/** An application with records, and the console that its operators use. */
export interface Application {
  readonly idempotency: Idempotency;
  readonly store: Store;
  readonly running: RunningConsole;
  readonly audited: AuditEntry[];
  /** Executes work under a key; answers the id of its record. */
  execute(operation: string, key: string, work?: () => unknown): Promise<string>;
  /** An attempt that nobody settles: stuck once its lease is over, or held. Answers the id. */
  abandon(operation: string, key: string, options?: AbandonOptions): Promise<string>;
}

interface AbandonOptions {
  /** 1 unless given. */
  readonly leaseMs?: number;
  readonly isHeld?: boolean;
}

export async function startApplication(
  options: ConsoleOptions & { readonly store?: Store } = {},
): Promise<Application> {
  const { store = memoryStore() } = options;
  const idempotency = createIdempotency({ environment: 'prod', store, retention: '7d' });
  const audited: AuditEntry[] = [];
  const running = await startConsole({
    idempotency,
    store,
    label: 'the store',
    environment: 'prod',
    by: 'ada',
    onAudit: (entry) => audited.push(entry),
    ...options,
  });
  const wrap = (operation: string, work: () => unknown) =>
    idempotency.wrap(async (_key: string) => work(), { operation, key: (key) => key });
  return {
    idempotency,
    store,
    running,
    audited,
    async execute(operation, key, work = () => ({ done: key })) {
      const wrapped = wrap(operation, work);
      await wrapped(key).catch(() => {});
      return wrapped.idOf(key);
    },
    async abandon(operation, key, { leaseMs = 1, isHeld = false } = {}) {
      const id = await wrap(operation, () => {}).idOf(key);
      await store.acquire({
        id,
        environment: 'prod',
        operation,
        run: 0,
        token: randomBytes(16).toString('base64url'),
        leaseMs,
        retentionMs: isHeld ? null : 3_600_000,
        keyPreview: key,
        abandoned: isHeld ? 'hold' : 'reexecute',
        formatVersion: 1,
      });
      return id;
    },
  };
}

export function fail(message = 'gateway is down'): never {
  throw Object.assign(new Error(message), { name: 'GatewayError' });
}
