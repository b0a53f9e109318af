import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

interface Span {
  readonly name: string;
  readonly isServer: boolean;
  readonly id: string;
  readonly parent?: string;
  readonly route?: string;
  readonly outcome?: string;
}

const program = fileURLToPath(new URL('./programs/traced-server.ts', import.meta.url));
let spans: Readonly<Record<string, readonly Span[]>>;
beforeAll(async () => {
  const env = { PATH: process.env.PATH, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  spans = JSON.parse(stdout);
});

test.each(['express', 'hono', 'fastify'])(
  'on %s a call is a child of the server’s span, with the route',
  (framework) => {
    const all = spans[framework]!;
    const servers = all.filter((span) => span.isServer).map(({ id }) => id);
    expect(servers).toHaveLength(2);
    const calls = all.filter((span) => span.outcome !== undefined);
    expect(calls.map(({ parent }) => parent).sort()).toEqual([...servers].sort());
    expect(calls.map(({ name, outcome, route }) => [name, outcome, route])).toEqual([
      ['execute pay-order', 'executed', '/orders/:id/payment'],
      ['replay pay-order', 'replayed', '/orders/:id/payment'],
    ]);
    const run = all.find(({ name }) => name === 'run pay-order');
    expect(run?.parent).toBe(calls[0]!.id);
  },
);
