import { vitest } from '../vitest.ts';
import { httpContext } from './http-context.ts';
import type { HttpHarness, HttpStart } from './http-harness.ts';
import { httpSuite } from './http-suite.ts';

/**
 * Registers with Vitest the cases that every server with the `Idempotency-Key` header has to pass. All
 * of them go over real connections to the URL of the server that `start` starts once.
 *
 * The server runs {@link idempotentHttpService} behind its layer, for every method and path. The scope
 * is the header `x-principal`. `/optional` requires no key, `/waiting` waits for a request in progress,
 * and `/limited` records 4,096 bytes of a response at most; elsewhere a key is required, a request in
 * progress is refused, and a response of 500,000 bytes is recorded.
 *
 * @example
 * ```ts
 * import { describeIdempotentHttp, idempotentHttpService } from '@twiceproof/testing/http';
 *
 * declare function listen(service: object): Promise<{ port: number; close(): Promise<void> }>;
 *
 * describeIdempotentHttp('my server', async () => {
 *   const { port, close } = await listen(idempotentHttpService());
 *   return { url: `http://127.0.0.1:${port}`, stop: close };
 * });
 * ```
 */
export function describeIdempotentHttp(name: string, start: HttpStart): void;
export function describeIdempotentHttp(start: HttpStart): void;
export function describeIdempotentHttp(first: string | HttpStart, second?: HttpStart): void {
  const [name, start] = typeof first === 'string' ? [first, second!] : ['idempotent HTTP', first];
  const { afterAll, beforeAll, describe, test } = vitest();
  describe(name, () => {
    let harness: HttpHarness;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness?.stop());

    for (const [topic, specs] of Map.groupBy(httpSuite, (spec) => spec.topic)) {
      describe(topic, () => {
        for (const spec of specs) test(spec.name, () => spec.run(httpContext(harness.url)));
      });
    }
  });
}
