import { startReceiver } from '@twiceproof/engines/otlp';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/no-sdk.ts', import.meta.url);

test.each(sdkLines)(
  'with the API of %s and no SDK, nothing is recorded and nothing fails',
  async (_line, nodeArgs) => {
    const receiver = await startReceiver();
    try {
      const report = await runProgram(program, { nodeArgs, otlpUrl: receiver.url });
      expect(report).toEqual({
        endings: ['true', 'declined', 'true', 'declined'],
        traceparents: [null, null, null, null],
        meter: 'NoopMeter',
      });
      expect(receiver.bodies).toEqual([]);
    } finally {
      await receiver.stop();
    }
  },
);
