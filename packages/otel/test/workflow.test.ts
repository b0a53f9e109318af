import type { ReceivedSpan } from '@twiceproof/engines/otlp';
import { type Receiver, startReceiver } from '@twiceproof/engines/otlp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/workflow.ts', import.meta.url);

describe.each(sdkLines.map(([line, nodeArgs]) => ({ line, nodeArgs })))('$line', ({ nodeArgs }) => {
  let receiver: Receiver;
  let workflow: string;
  let spans: readonly ReceivedSpan[];
  beforeAll(async () => {
    receiver = await startReceiver();
    const report = await runProgram<{ workflow: string }>(program, {
      nodeArgs,
      otlpUrl: receiver.url,
    });
    workflow = report.workflow;
    spans = receiver.spans();
  });
  afterAll(() => receiver?.stop());

  const callsOf = (operation: string): readonly ReceivedSpan[] =>
    spans.filter(
      ({ name, attributes }) =>
        attributes['idempotency.operation.name'] === operation && !name.startsWith('run '),
    );
  const seen = (operation: string, name: string): readonly unknown[] =>
    callsOf(operation).map(({ attributes }) => attributes[`idempotency.${name}`]);

  test('the span of every step has the key of its workflow', () => {
    for (const step of ['fulfil.charge', 'fulfil.ship']) {
      expect(seen(step, 'workflow.key')).toEqual([workflow, workflow]);
    }
    expect(seen('fulfil', 'workflow.key')).toEqual([undefined, undefined]);
    expect(seen('fulfil', 'key')).toEqual([workflow, workflow]);
  });

  test('a restart with another input is marked where something old was replayed', () => {
    expect(seen('fulfil.charge', 'workflow.input_changed')).toEqual([undefined, true]);
    expect(seen('fulfil.ship', 'workflow.input_changed')).toEqual([undefined, undefined]);
    expect(seen('fulfil', 'workflow.input_changed')).toEqual([undefined, true]);
  });

  test('an outcome that nobody knows is an error, named by what the function threw', () => {
    expect(callsOf('charge')).toMatchObject([
      {
        attributes: { 'idempotency.outcome': 'unknown', 'error.type': 'OutcomeUnknownError' },
        status: 'STATUS_CODE_ERROR',
      },
    ]);
  });
});
