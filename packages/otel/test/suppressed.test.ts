import { startReceiver } from '@twiceproof/engines/otlp';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/suppressed.ts', import.meta.url);

test.each(sdkLines)('%s: where tracing is suppressed, metrics go on', async (_line, nodeArgs) => {
  const receiver = await startReceiver();
  try {
    await runProgram(program, { nodeArgs, otlpUrl: receiver.url });
    expect(receiver.spans()).toEqual([]);
    const metrics = receiver.metrics();
    const executions = metrics.get('idempotency.executions')!.points;
    expect(executions.map(({ value }) => value)).toEqual([1, 1]);
    const durations = metrics.get('idempotency.execution.duration')!.points;
    expect(durations.map(({ count }) => count)).toEqual([1, 1]);
    const requests = metrics.get('idempotency.store.operation.duration')!.points;
    expect(requests.map(({ count }) => count)).toEqual([1, 1, 1]);
  } finally {
    await receiver.stop();
  }
});
