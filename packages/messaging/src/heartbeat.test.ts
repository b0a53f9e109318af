import { createIdempotency, currentExecution } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat, type Tick, withHeartbeat } from './heartbeat.ts';

const everyMs = 500;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call whose handler runs until it is told to end. */
function beating(tick: Tick, options: object = {}) {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore(), ...options });
  const finish = Promise.withResolvers<string>();
  const started = Promise.withResolvers<void>();
  const handler = withHeartbeat(() => {
    started.resolve();
    return finish.promise;
  });
  const call = idempotency.wrap(handler, { operation: 'charge', key: () => 'pay-1' });
  const verdict = new Heartbeat(tick, everyMs).during(() => call.settled());
  return { started: started.promise, finish: finish.resolve, verdict };
}

/** Lets everything that is ready run. */
const ready = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('beats while the handler runs, and never after the verdict', async () => {
  const tick = vi.fn();
  const { started, finish, verdict } = beating(tick);
  await started;
  await vi.advanceTimersByTimeAsync(2_100);
  expect(tick).toHaveBeenCalledTimes(4);
  finish('done');
  expect(await verdict).toMatchObject({ outcome: 'executed', value: 'done' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tick).toHaveBeenCalledTimes(4);
});

test('does not beat for a call whose function never starts', async () => {
  const tick = vi.fn();
  const waiting = Promise.withResolvers<void>();
  const call = new Heartbeat(tick, everyMs).during(() => waiting.promise);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(tick).not.toHaveBeenCalled();
  waiting.resolve();
  await call;
});

test('ends with the lease: a handler that is stuck is given up', async () => {
  vi.useRealTimers();
  const tick = vi.fn();
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const over = Promise.withResolvers<unknown>();
  const stuck = idempotency.wrap(
    withHeartbeat(() => {
      currentExecution().signal.addEventListener('abort', over.resolve);
      return new Promise<never>(() => {});
    }),
    { operation: 'charge', key: () => 'pay-1', lease: '100ms', heartbeat: false },
  );
  void new Heartbeat(tick, 10).during(() => stuck.settled());
  await over.promise;
  expect(tick).toHaveBeenCalled();
  const beats = tick.mock.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(tick).toHaveBeenCalledTimes(beats);
});

test('a beat that fails is no unhandled rejection, and the next one comes all the same', async () => {
  const tick = vi
    .fn()
    .mockRejectedValueOnce(new Error('gone'))
    .mockImplementationOnce(() => {
      throw new Error('gone');
    });
  const { started, finish, verdict } = beating(tick);
  await started;
  await vi.advanceTimersByTimeAsync(1_600);
  expect(tick).toHaveBeenCalledTimes(3);
  finish('done');
  expect(await verdict).toMatchObject({ outcome: 'executed' });
});

test('the verdict comes after the beat that is under way', async () => {
  const answered = Promise.withResolvers<void>();
  const tick = vi.fn(() => answered.promise);
  const { started, finish, verdict } = beating(tick);
  const told = vi.fn();
  void verdict.then(told);
  await started;
  await vi.advanceTimersByTimeAsync(600);
  finish('done');
  await ready();
  expect(told).not.toHaveBeenCalled();
  answered.resolve();
  await ready();
  expect(told).toHaveBeenCalledOnce();
});

test('a beat that hangs holds up neither the others’ count nor, for long, the verdict', async () => {
  const signals: AbortSignal[] = [];
  const tick = vi.fn((signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<void>(() => {});
  });
  const { started, finish, verdict } = beating(tick);
  const told = vi.fn();
  void verdict.then(told);
  await started;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(tick).toHaveBeenCalledOnce();
  finish('done');
  await ready();
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(told).toHaveBeenCalledOnce();
  expect(signals[0]!.aborted).toBe(true);
});
