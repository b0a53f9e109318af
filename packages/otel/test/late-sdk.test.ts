import { startReceiver } from '@twiceproof/engines/otlp';
import { expect, test } from 'vitest';
import type { Wiring } from './programs/telemetry.ts';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/late-sdk.ts', import.meta.url);

const wirings: readonly Wiring[] = ['option', 'instrumentation'];

test.each(
  sdkLines.flatMap(([line, nodeArgs]) => wirings.map((wiring) => ({ line, nodeArgs, wiring }))),
)(
  '$line, wired by $wiring: an SDK gets the calls that begin while it is there',
  async ({ nodeArgs, wiring }) => {
    const receiver = await startReceiver();
    try {
      const keys = await runProgram<Record<string, string>>(program, {
        nodeArgs,
        args: [wiring],
        otlpUrl: receiver.url,
      });
      const traced = receiver
        .spans()
        .filter(({ name }) => name === 'execute charge')
        .map(({ attributes }) => keys[String(attributes['idempotency.key'])]);
      expect(traced).toEqual(['under the first', 'under the second']);

      const counted = receiver
        .history('idempotency.executions')
        .map(({ points }) =>
          points.map(({ attributes, value }) => [
            keys[String(attributes['idempotency.key'])],
            value,
          ]),
        );
      expect(counted).toEqual([[['under the first', 1]], [['under the second', 1]]]);
    } finally {
      await receiver.stop();
    }
  },
);
