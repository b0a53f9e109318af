import { createIdempotency, type Idempotency, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { onTestFinished } from 'vitest';
import type { AuditEntry } from '../src/console/audit-log.ts';
import type { ConsoleOptions, RunningConsole } from '../src/console/console-options.ts';
import type { PageFile } from '../src/console/page-files.ts';
import { serve } from '../src/console/serve-console.ts';

export interface Served {
  readonly running: RunningConsole;
  readonly idempotency: Idempotency;
  readonly store: Store;
  readonly audited: AuditEntry[];
  readonly faults: unknown[];
}

const page: ReadonlyMap<string, PageFile> = new Map([
  ['/', { type: 'text/html; charset=utf-8', bytes: Buffer.from('<!doctype html>the page') }],
]);

/** A console of a store, in memory unless given, which the end of the test closes. */
export async function served(options: ConsoleOptions = {}): Promise<Served> {
  const { store = memoryStore() } = options;
  const { idempotency = createIdempotency({ environment: 'prod', store }) } = options;
  const audited: AuditEntry[] = [];
  const faults: unknown[] = [];
  const running = await serve(
    {
      idempotency,
      store,
      by: 'ada',
      onAudit: (entry) => audited.push(entry),
      onFault: (fault) => faults.push(fault),
      ...options,
    },
    page,
  );
  onTestFinished(() => running.close());
  return { running, idempotency, store, audited, faults };
}
