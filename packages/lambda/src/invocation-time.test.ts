import { currentExecution } from '@twiceproof/core';
import { virtualClock } from '@twiceproof/testing';
import { describe, expect, test, vi } from 'vitest';
import { deployed } from '../test/deployed.ts';
import { invocation } from '../test/invocation.ts';
import { message } from '../test/sqs-event.ts';
import { eventId, idempotentHandler, kinesisBatch, sqsBatch } from './index.ts';

const event = { id: 'a' };
const never = (): Promise<never> => new Promise(() => {});

describe('an invocation that runs out of time', () => {
  test('ends as TIMED_OUT with the margin left, and the very next call decides', async () => {
    const clock = virtualClock();
    const { idempotency } = deployed({ runtime: { clock } });
    let signal: AbortSignal | undefined;
    const work = vi
      .fn(async (): Promise<string> => 'done')
      .mockImplementationOnce(() => {
        signal = currentExecution().signal;
        return never();
      });
    const handler = idempotentHandler(idempotency, { operation: 'ship', key: eventId }, work);
    const ended = vi.fn();
    const call = handler(event, invocation(3_000)).catch((error) => ended(error.code));
    await clock.advance(2_499);
    expect(ended).not.toHaveBeenCalled();
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    await call;
    expect(ended).toHaveBeenCalledExactlyOnceWith('TIMED_OUT');
    expect(signal?.aborted).toBe(true);
    expect(await handler(event, invocation(3_000))).toBe('done');
  });

  test('is held where abandoned says so, and never taken for a failure', async () => {
    const clock = virtualClock();
    const { idempotency } = deployed({ runtime: { clock } });
    const handler = idempotentHandler(
      idempotency,
      { operation: 'ship', key: eventId, abandoned: 'hold', margin: '1s' },
      never,
    );
    const call = handler(event, invocation(3_000));
    const refused = expect(call).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await clock.advance(2_000);
    await refused;
    await expect(handler(event, invocation(3_000))).rejects.toMatchObject({ code: 'HELD' });
  });

  test('fails its item, and what is done of the batch stays done', async () => {
    const clock = virtualClock();
    const { idempotency } = deployed({ runtime: { clock } });
    const work = vi.fn((id: string) => (id === 'slow' ? never() : Promise.resolve()));
    const handler = sqsBatch(
      idempotency,
      { operation: 'charge', onItemError: () => {} },
      (record) => work(record.messageId),
    );
    const Records = ['quick', 'slow'].map((id) => message(id, 'text'));
    const answer = handler({ Records }, invocation(3_000));
    await clock.advance(2_500);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'slow' }] });
    expect(work).toHaveBeenCalledTimes(2);
  });
});

describe('with less left than the margin', () => {
  test('nothing is begun', async () => {
    const { idempotency } = deployed();
    const work = vi.fn(async () => {});
    const handler = idempotentHandler(idempotency, { operation: 'ship', key: eventId }, work);
    for (const left of [500, 499.5, 0, -1]) {
      await expect(handler(event, invocation(left))).rejects.toThrow(
        /^TIMED_OUT: nothing was begun/,
      );
    }
    const wide = { operation: 'wide', key: eventId, margin: '10s' } as const;
    await expect(
      idempotentHandler(idempotency, wide, work)(event, invocation(9_999)),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(work).not.toHaveBeenCalled();
    expect((await idempotency.records.list({})).records).toEqual([]);
    await handler(event, invocation(501));
    const narrow = { operation: 'narrow', key: eventId, margin: 0 } as const;
    await idempotentHandler(idempotency, narrow, work)(event, invocation(400));
    expect(work).toHaveBeenCalledTimes(2);
  });

  test('each record of a batch is asked about when its turn comes', async () => {
    const { idempotency } = deployed();
    let left = 1_500;
    const started: string[] = [];
    const work = async (id: string | undefined): Promise<void> => {
      started.push(String(id));
      left -= 600;
    };
    const onItemError = vi.fn();
    const sqs = sqsBatch(idempotency, { operation: 'sqs', concurrency: 1, onItemError }, (record) =>
      work(record.messageId),
    );
    const context = invocation(() => left);
    const Records = ['1', '2', '3', '4'].map((id) => message(id, 'text'));
    expect(await sqs({ Records }, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '4' }],
    });
    expect(started).toEqual(['1', '2']);
    expect(onItemError.mock.calls.map(([error]) => error.code)).toEqual(['TIMED_OUT', 'TIMED_OUT']);

    left = 1_000;
    started.length = 0;
    const records = ['5', '6'].map((at) => ({ eventID: at, kinesis: { sequenceNumber: at } }));
    const kinesis = kinesisBatch(idempotency, { operation: 'stream', onItemError }, (record) =>
      work(record.eventID),
    );
    expect(await kinesis({ Records: records as never }, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: '6' }],
    });
    expect(started).toEqual(['5']);
  });
});

describe('the lease', () => {
  const leaseMs = ({ startedAt, leaseUntil }: { startedAt: number; leaseUntil: number }) =>
    leaseUntil - startedAt;

  test('is what is left of the invocation, and is not renewed beyond it', async () => {
    const clock = virtualClock();
    const { idempotency, elsewhere } = deployed({ runtime: { clock } });
    // Neither settled nor ended: the machine that Lambda froze and threw away.
    const lost = idempotentHandler(
      idempotency,
      { operation: 'ship', key: eventId, maxDuration: false },
      never,
    );
    void lost(event, invocation(3_000));
    await clock.advance(2_999);
    const ship = { operation: 'ship', key: 'a' };
    await expect(elsewhere.execute(ship, () => 'taken over')).rejects.toMatchObject({
      code: 'IN_PROGRESS',
    });
    await clock.advance(2);
    expect((await elsewhere.execute(ship, () => 'taken over')).value).toBe('taken over');
  });

  test.each([
    ['its own where one is given', { lease: '7s' }, 3_000, 7_000],
    ['what is left, whatever other functions have', {}, 3_000, 3_000],
    ["core's without a limit", {}, Number.POSITIVE_INFINITY, 20_000],
  ] as const)('is %s', async (_, own, left, expected) => {
    const { idempotency } = deployed({ lease: '20s' });
    const options = { operation: 'ship', key: eventId, ...own };
    const handler = idempotentHandler(idempotency, options, async () =>
      leaseMs((await idempotency.records.get(currentExecution().id!))!),
    );
    expect(await handler(event, invocation(left))).toBe(expected);
  });
});

test('a maxDuration of its own counts, as far as the invocation lasts', async () => {
  const clock = virtualClock();
  const { idempotency } = deployed({ runtime: { clock } });
  const endsAfter = async (maxDuration: '1s' | '1h', left: number): Promise<number> => {
    const options = { operation: `${maxDuration}-${left}`, key: eventId, maxDuration };
    const start = clock.now();
    let end: number | undefined;
    const call = idempotentHandler(
      idempotency,
      options,
      never,
    )(event, invocation(left)).catch(() => {
      end = clock.now();
    });
    await clock.advance(10_000);
    await call;
    return end! - start;
  };
  expect(await endsAfter('1s', 3_000)).toBe(1_000);
  expect(await endsAfter('1h', 3_000)).toBe(2_500);
});

test('a call that waits for another executor leaves time for its own work', async () => {
  const clock = virtualClock();
  const { idempotency, elsewhere } = deployed({ runtime: { clock } });
  const crashed = { operation: 'ship', key: 'a', lease: '1s', heartbeat: false } as const;
  void elsewhere.execute(crashed, never).catch(() => {});
  await clock.advance(0);
  const options = { operation: 'ship', key: eventId, inProgress: 'wait' } as const;
  const ended = vi.fn();
  const waiting = idempotentHandler(idempotency, options, never)(event, invocation(4_500));
  const call = waiting.catch((error) => ended(error.code, clock.now()));
  await clock.advance(4_500);
  await call;
  const [[code, at]] = ended.mock.calls as [[string, number]];
  expect(code).toBe('TIMED_OUT');
  expect(at).toBeGreaterThan(1_000);
  expect(at).toBeLessThanOrEqual(4_000);

  const busy = { operation: 'busy', key: 'a', lease: '1h' } as const;
  void elsewhere.execute(busy, never).catch(() => {});
  const start = clock.now();
  const inVain = idempotentHandler(idempotency, { ...options, operation: 'busy' }, never);
  const refused = inVain(event, invocation(4_500)).catch((error) => ended(error.code, clock.now()));
  await clock.advance(4_500);
  await refused;
  expect(ended).toHaveBeenLastCalledWith('IN_PROGRESS', expect.any(Number));
  expect(ended.mock.lastCall![1] - start).toBeLessThanOrEqual(2_000);
});
