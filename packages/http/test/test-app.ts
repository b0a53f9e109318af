import { createServer, request as requestHttp } from 'node:http';
import { createIdempotency, type Idempotency, type IdempotencyRecord } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { HttpHarness } from '@twiceproof/testing/http';
import type { Express } from 'express';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type ExpressRequest, idempotencyKey } from '../src/express.ts';
import type { HttpOptions } from '../src/index.ts';
import { listen } from './servers/serve-fetch.ts';

/** An app of one test: what its handlers count, and what sends requests to it. */
export interface TestApp {
  readonly app: Express;
  readonly idempotency: Idempotency;
  runs: number;
  /** What a handler answers: how often it has run. */
  counted(): { run: number };
  middleware(options?: Partial<HttpOptions<ExpressRequest>>): ReturnType<typeof idempotencyKey>;
  url(): Promise<string>;
  send(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request and hangs up as soon as the handler runs. */
  hangUp(path: string): Promise<void>;
  records(): Promise<readonly IdempotencyRecord[]>;
}

/** A new app for each test of the calling `describe`. */
export function testApp(create: () => Express): () => TestApp {
  let current: TestApp;
  let harness: HttpHarness | undefined;
  beforeEach(() => {
    const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    const app = create();
    app.set('env', 'test');
    const url = async (): Promise<string> => {
      harness ??= await listen(createServer(app));
      return harness.url;
    };
    current = {
      app,
      idempotency,
      runs: 0,
      counted() {
        current.runs += 1;
        return { run: current.runs };
      },
      middleware: (options) => idempotencyKey({ idempotency, scope: 'public', ...options }),
      url,
      async send(path, init = {}) {
        const headers = { 'idempotency-key': '"1"', ...init.headers };
        return fetch(`${await url()}${path}`, { method: 'POST', body: 'x', ...init, headers });
      },
      async hangUp(path) {
        const headers = { 'idempotency-key': '"1"' };
        const outgoing = requestHttp(`${await url()}${path}`, { method: 'POST', headers });
        outgoing.on('error', () => {});
        outgoing.end('x');
        await vi.waitFor(() => expect(current.runs).toBe(1), 20_000);
        outgoing.destroy();
      },
      records: async () => (await idempotency.records.list({})).records,
    };
  });
  afterEach(async () => {
    await harness?.stop();
    harness = undefined;
  });
  return () => current;
}

export function isReplay(response: Response): boolean {
  return response.headers.get('idempotent-replayed') === 'true';
}
