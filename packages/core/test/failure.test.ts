import { IdempotencyError } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe("failure: 'release'", () => {
  it('throws the user error itself, and executes again at the next call', async () => {
    const { idempotency } = deployed();
    const mine = new RangeError('mine');
    const work = vi.fn(async (_id: string) => 'ok').mockRejectedValueOnce(mine);
    const once = idempotency.wrap(work, options);
    expect(await once('a').catch((error: unknown) => error)).toBe(mine);
    expect(await idempotency.records.get(await once.idOf('a'))).toMatchObject({
      status: 'failed',
      attempt: 1,
      lastError: { name: 'RangeError', message: 'mine' },
    });
    expect(await once.execute('a')).toMatchObject({
      value: 'ok',
      record: { attempt: 2, status: 'completed' },
    });
  });

  it('keeps what is thrown as it is, also if it is no Error', async () => {
    const { idempotency } = deployed();
    for (const thrown of ['text', undefined, null, 0, { code: 1 }]) {
      const once = idempotency.wrap((_id: string) => Promise.reject(thrown), options);
      const caught = await once('a').then(
        () => 'nothing',
        (error: unknown) => ({ error }),
      );
      expect(caught).toEqual({ error: thrown });
    }
  });

  it('turns a synchronous throw into a rejection', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap((_id: string): string => {
      throw new Error('sync');
    }, options);
    await expect(once('a')).rejects.toThrow('sync');
  });

  it('never hides the user error behind a fault of the store', async () => {
    const { store } = deployed();
    const down = { ...store, release: () => Promise.reject(new Error('down')) };
    const { idempotency, clock } = deployed({ store: down });
    const once = idempotency.wrap((_id: string) => Promise.reject(new Error('mine')), options);
    const call = once('a').catch((error: unknown) => error);
    await clock.advance(5_000);
    expect(await call).toMatchObject({ message: 'mine' });
  });
});

describe("failure: 'record'", () => {
  it('throws the recorded error on every replay', async () => {
    const { idempotency } = deployed({ failure: 'record' });
    const work = vi.fn((_id: string) => {
      throw Object.assign(new TypeError('declined'), {
        code: 'card_declined',
        detail: { attempts: 3 },
      });
    });
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toThrow('declined');
    const replayed = await once('a').catch((error: unknown) => error);
    expect(replayed).toBeInstanceOf(TypeError);
    expect(replayed).toMatchObject({
      message: 'declined',
      code: 'card_declined',
      detail: { attempts: 3 },
    });
    expect(work).toHaveBeenCalledTimes(1);
    expect(await idempotency.records.get(await once.idOf('a'))).toMatchObject({
      status: 'completed',
      lastError: { name: 'TypeError', message: 'declined' },
    });
  });

  it('can be decided for each error', async () => {
    const { idempotency } = deployed({
      failure: (error) => (error instanceof RangeError ? 'record' : 'release'),
    });
    const work = vi
      .fn(async (_id: string) => 'never')
      .mockRejectedValueOnce(new Error('transient'))
      .mockRejectedValueOnce(new RangeError('final'));
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toThrow('transient');
    await expect(once('a')).rejects.toThrow('final');
    await expect(once('a')).rejects.toThrow('final');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('is decided synchronously: a promise is refused, and releases', async () => {
    const later: unknown = async () => 'record';
    expect(() => deployed({ failure: later as () => 'record' })).toThrow(
      'OPTIONS_INVALID: failure is an async function; answer synchronously',
    );
    for (const verdict of [Promise.resolve('record'), Promise.reject(new Error('unheard'))]) {
      const { idempotency } = deployed({ failure: () => verdict as never });
      const mine = new Error('mine');
      const work = vi.fn(async (_id: string) => 'ok').mockRejectedValueOnce(mine);
      const once = idempotency.wrap(work, options);
      await expect(once('a')).rejects.toMatchObject({
        code: 'OPTIONS_INVALID',
        message: expect.stringContaining('answer synchronously'),
        recordId: await once.idOf('a'),
        cause: mine,
      });
      expect((await idempotency.records.get(await once.idOf('a')))?.lastError?.message).toBe(
        'mine',
      );
      expect(await once('a')).toBe('ok');
    }
  });

  it('does not record that a nested call was refused for now', async () => {
    const { idempotency } = deployed({ failure: 'record' });
    const work = vi
      .fn(async (_id: string) => 'ok')
      .mockRejectedValueOnce(new IdempotencyError('IN_PROGRESS', 'later'));
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toThrow('later');
    expect(await once('a')).toBe('ok');
  });

  it('keeps recorded errors for their own retention', async () => {
    const { idempotency, clock } = deployed({
      failure: 'record',
      retention: { completed: '7d', failed: '1m' },
    });
    const work = vi.fn(async (_id: string) => 'ok').mockRejectedValueOnce(new Error('no'));
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toThrow('no');
    await clock.advance(60_001);
    expect(await once('a')).toBe('ok');
    await clock.advance(6 * 86_400_000);
    expect(await once('a')).toBe('ok');
    expect(work).toHaveBeenCalledTimes(2);
  });
});

describe('a nested call that was refused for now', () => {
  const refusal = new IdempotencyError('IN_PROGRESS', 'x');
  const looped = new Error('looped');
  looped.cause = new Error('back', { cause: looped });
  // As Node 24 throws it, and what compilers give to older ones.
  const disposed = (error: unknown, suppressed: unknown) =>
    Object.assign(new Error(), { name: 'SuppressedError', error, suppressed });

  it.each<[string, unknown]>([
    ['as it is', refusal],
    ['as a cause', new Error('no funds', { cause: refusal })],
    ['as the cause of a cause', new Error('a', { cause: new Error('b', { cause: refusal }) })],
    ['among several', new AggregateError([new Error('other'), refusal])],
    ['among several that are a cause', new Error('a', { cause: new AggregateError([refusal]) })],
    ['as the cause of what is no error', { cause: refusal }],
    ['while something was disposed of', disposed(new Error('dispose'), refusal)],
    ['by what is disposed of', disposed(refusal, new Error('other'))],
    ...(['HELD', 'LEASE_LOST', 'STORE_UNAVAILABLE', 'CLOSED', 'TIMED_OUT'] as const).map(
      (code): [string, unknown] => [
        code,
        new Error('a', { cause: new IdempotencyError(code, 'x') }),
      ],
    ),
  ])('does not become the outcome for good: %s', async (_, thrown) => {
    for (const failure of ['record' as const, () => 'record' as const]) {
      const { idempotency } = deployed({ failure });
      const work = vi.fn(async (_id: string) => 'ok').mockRejectedValueOnce(thrown);
      const once = idempotency.wrap(work, options);
      expect(await once('a').catch((error: unknown) => error)).toBe(thrown);
      expect(await once('a')).toBe('ok');
    }
  });

  it.each<[string, unknown]>([
    ['a refusal for good', new Error('a', { cause: new IdempotencyError('KEY_MISSING', 'x') })],
    ['causes in a circle', looped],
  ])('is not %s', async (_, thrown) => {
    const { idempotency } = deployed({ failure: 'record' });
    const work = vi.fn(async (_id: string) => 'ok').mockRejectedValueOnce(thrown);
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toBe(thrown);
    await expect(once('a')).rejects.toThrow();
    expect(work).toHaveBeenCalledTimes(1);
  });
});
