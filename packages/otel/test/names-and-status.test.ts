import type { ReceivedSpan } from '@twiceproof/engines/otlp';
import { type Receiver, startReceiver } from '@twiceproof/engines/otlp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/calls.ts', import.meta.url);

/** Whether a span is that of a call, which is named by what came of it. */
const isCall = (name: string): boolean => /^(execute|replay|refuse) /.test(name);

describe.each(sdkLines.map(([line, nodeArgs]) => ({ line, nodeArgs })))('$line', ({ nodeArgs }) => {
  let receiver: Receiver;
  let spans: readonly ReceivedSpan[];
  beforeAll(async () => {
    receiver = await startReceiver();
    await runProgram(program, { nodeArgs, args: ['option'], otlpUrl: receiver.url });
    spans = receiver.spans();
  });
  afterAll(() => receiver?.stop());

  const named = (name: string): readonly ReceivedSpan[] =>
    spans.filter((span) => span.name === name);

  test('a duplicate that came early is refused, which is no error of the layer', () => {
    const early = named('refuse slow');
    expect(early.map(({ attributes }) => attributes['error.type'])).toEqual([
      'IN_PROGRESS',
      'IN_PROGRESS',
    ]);
    expect(early.map(({ status }) => status)).toEqual(['STATUS_CODE_UNSET', 'STATUS_CODE_UNSET']);
  });

  test('a rehearsal tells what would have been, and is no error', () => {
    const [rehearsed] = named('execute rehearsed').slice(-1);
    expect(rehearsed).toMatchObject({
      status: 'STATUS_CODE_UNSET',
      attributes: { 'idempotency.outcome': 'shadowed' },
    });
  });

  test('the name and the status of every call tell its outcome', () => {
    const calls = spans.filter(({ name }) => isCall(name));
    const told = calls.map(({ name, status, attributes }) => [
      attributes['idempotency.outcome'],
      name.split(' ')[0],
      status === 'STATUS_CODE_ERROR',
    ]);
    expect(Object.fromEntries(told.map(([outcome, ...rest]) => [outcome, rest]))).toEqual({
      executed: ['execute', false],
      failed: ['execute', true],
      lease_lost: ['execute', true],
      store_error: ['execute', true],
      bypassed: ['execute', false],
      unknown: ['execute', true],
      timed_out: ['execute', true],
      shadowed: ['execute', false],
      replayed: ['replay', false],
      replayed_error: ['replay', true],
      in_progress: ['refuse', false],
      mismatch: ['refuse', true],
      held: ['refuse', true],
    });
    expect(new Set(told.map(String)).size).toBe(13);
  });

  test('what went well, or came early, has no status', () => {
    const isWell = ({ attributes }: ReceivedSpan): boolean =>
      attributes['error.type'] === undefined || attributes['idempotency.outcome'] === 'in_progress';
    expect(new Set(spans.filter(isWell).map(({ status }) => status))).toEqual(
      new Set(['STATUS_CODE_UNSET']),
    );
    const wrong = spans.filter((span) => !isWell(span));
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set(['STATUS_CODE_ERROR']));
  });
});
