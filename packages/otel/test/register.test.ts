import { startReceiver } from '@twiceproof/engines/otlp';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/untouched.ts', import.meta.url);
const sdk = ['--import', new URL('./programs/start-sdk.ts', import.meta.url).href];
const register = ['--import', '@twiceproof/otel/register'];

const orders = sdkLines.flatMap(([line, nodeArgs]) => [
  { line, order: 'after the SDK', nodeArgs: [...nodeArgs, ...sdk, ...register] },
  { line, order: 'before the SDK', nodeArgs: [...nodeArgs, ...register, ...sdk] },
]);

test.each(orders)(
  '$line: --import $order observes a program that knows nothing of telemetry',
  async ({ nodeArgs }) => {
    const receiver = await startReceiver();
    try {
      await runProgram(program, { nodeArgs, otlpUrl: receiver.url });
      const names = receiver.spans().map(({ name }) => name);
      expect(names.sort()).toEqual(['execute charge', 'replay charge', 'run charge']);
      const { points } = receiver.metrics().get('idempotency.executions')!;
      expect(points.map(({ value }) => value)).toEqual([1, 1]);
    } finally {
      await receiver.stop();
    }
  },
);
