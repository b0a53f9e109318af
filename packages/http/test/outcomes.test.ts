import { currentExecution, outcomeUnknown, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { failing, problemOf, refuse, route, succeed } from './route.ts';

const error = vi.spyOn(console, 'error').mockImplementation(() => {});
beforeEach(() => {
  error.mockClear();
});

describe('the store', () => {
  test('down: the console says why, once until it answers again', async () => {
    let isDown = true;
    const memory = memoryStore();
    const acquire: Store['acquire'] = (...asked) =>
      isDown ? Promise.reject(new Error('wrong password')) : memory.acquire(...asked);
    const store = { ...memory, acquire };
    const { send } = route(succeed(), {}, { store, storeTimeout: 50 });
    for (let count = 0; count < 3; count++) expect((await send()).status).toBe(503);
    expect(error).toHaveBeenCalledOnce();
    expect(String(error.mock.lastCall?.[0])).toMatch(/could not acquire: wrong password/);
    isDown = false;
    expect((await send()).status).toBe(201);
    isDown = true;
    await send({ headers: { 'idempotency-key': '2' } });
    expect(error).toHaveBeenCalledTimes(2);
  });

  test('down: 503 with Retry-After, and the handler does not run', async () => {
    const handler = succeed();
    const { send } = route(handler, {}, { store: failing({ acquire: refuse }), storeTimeout: 50 });
    const response = await send();
    expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await problemOf(response)).toEqual([503, 'store-unavailable']);
    expect(handler).not.toHaveBeenCalled();
  });

  test('down, and told to execute: the handler’s response, without a record', async () => {
    const store = failing({ acquire: refuse });
    const { send } = route(succeed(), { storeOutage: 'execute' }, { store, storeTimeout: 50 });
    const response = await send();
    expect(response.status).toBe(201);
    expect(response.headers.get('idempotency-key')).toBe('"1"');
    expect(response.headers.get('idempotency-expires')).toBeNull();
  });

  test('down when the handler is done: an error that says that it ran', async () => {
    const handler = succeed();
    const store = failing({ complete: refuse });
    const { send } = route(handler, {}, { store, storeTimeout: 50 });
    const response = await send();
    expect(response.status).toBe(503);
    expect(((await response.json()) as { detail: string }).detail).toContain('was processed');
    expect((await send()).status).toBe(409);
    expect(handler).toHaveBeenCalledOnce();
  });

  test('holds a record that cannot be read: 500 with a name', async () => {
    const memory = memoryStore();
    const { send, idempotency } = route(succeed(), {}, { store: memory });
    await send();
    const [record] = (await idempotency.records.list({})).records;
    const stored = (await memory.get(record!.id))!;
    const damaged = { ...stored, formatVersion: 99 };
    const acquire: Store['acquire'] = async () => ({
      status: 'existing',
      record: damaged,
      leaseRemainingMs: 0,
    });
    const { send: sendAgain } = route(succeed(), {}, { store: { ...memory, acquire } });
    expect(await problemOf(await sendAgain())).toEqual([500, 'record-corrupt']);
  });
});

describe('an attempt', () => {
  test('that was interrupted and is held: 409 without Retry-After', async () => {
    const clock = virtualClock();
    const store = memoryStore({ clock });
    const options = { abandoned: 'hold' } as const;
    const crashed = { ...store, complete: refuse, renew: refuse };
    const dead = route(() => new Promise<never>(() => {}), options, {
      store: crashed,
      runtime: { clock },
    });
    void dead.send();
    await vi.waitFor(
      async () => expect((await store.list({ limit: 1 })).records).toHaveLength(1),
      20_000,
    );
    await clock.advance(31_000);
    const handler = succeed();
    const { send } = route(handler, options, { store, runtime: { clock } });
    const response = await send();
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await problemOf(response)).toEqual([409, 'held']);
    expect(handler).not.toHaveBeenCalled();
  });

  test('that lost its lease: 409 outcome-unknown, in place of the handler’s response', async () => {
    const store = memoryStore();
    const { send, idempotency } = route(
      async () => {
        await idempotency.records.delete(currentExecution().id!);
        return new Response('charged');
      },
      {},
      { store },
    );
    expect(await problemOf(await send())).toEqual([409, 'outcome-unknown']);
  });

  test('that takes too long: 409 outcome-unknown, and what it answers late is recorded', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<Response>();
    const { send, idempotency } = route(() => slow, { maxDuration: 50, abandoned: 'hold' });
    expect(await problemOf(await send())).toEqual([409, 'outcome-unknown']);
    resolve(Response.json({ charged: true }, { status: 201 }));
    await vi.waitFor(async () => {
      const [record] = (await idempotency.records.list({})).records;
      expect(record!.status).toBe('completed');
    }, 20_000);
    const again = await send();
    expect([again.status, await again.json()]).toEqual([201, { charged: true }]);
  });

  test('of which the handler throws that nobody knows: 409 outcome-unknown, and it is not freed', async () => {
    const { send, idempotency } = route(
      () => {
        throw outcomeUnknown(new Error('the bank did not answer'));
      },
      { abandoned: 'hold' },
    );
    expect(await problemOf(await send())).toEqual([409, 'outcome-unknown']);
    const [record] = (await idempotency.records.list({})).records;
    expect(record).toMatchObject({ status: 'in_progress' });
    expect(await problemOf(await send())).toEqual([409, 'held']);
  });

  test('of which the handler declares that nobody knows: its response, and no record of it', async () => {
    const { send, idempotency } = route(
      () => {
        currentExecution().declareUnknown(new Error('the bank did not answer'));
        return Response.json({ state: 'pending' }, { status: 202 });
      },
      { abandoned: 'hold' },
    );
    const response = await send();
    expect([response.status, await response.json()]).toEqual([202, { state: 'pending' }]);
    expect(response.headers.get('idempotency-expires')).toBeNull();
    const [record] = (await idempotency.records.list({})).records;
    expect(record).toMatchObject({
      status: 'in_progress',
      lastError: { message: 'the bank did not answer' },
    });
    expect(await problemOf(await send())).toEqual([409, 'held']);
  });

  test('whose body broke off is one of which nobody knows', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('half'));
      },
      pull(controller) {
        controller.error(new Error('disk failure'));
      },
    });
    const { send, idempotency } = route(() => new Response(broken), { abandoned: 'hold' });
    await expect(send()).rejects.toThrow('disk failure');
    const [record] = (await idempotency.records.list({})).records;
    expect(record).toMatchObject({ status: 'in_progress', lastError: { message: 'disk failure' } });
  });

  test('whose handler throws is freed, and the error is the framework’s', async () => {
    const handler = vi.fn(() => {
      throw new RangeError('too much');
    });
    const { send } = route(handler);
    await expect(send()).rejects.toThrow(RangeError);
    await expect(send()).rejects.toThrow(RangeError);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('whose error is recorded fails in the same way again', async () => {
    const handler = vi.fn(() => {
      throw new RangeError('too much');
    });
    const { send } = route(handler, { failure: 'record' });
    await expect(send()).rejects.toThrow('too much');
    await expect(send()).rejects.toThrow('too much');
    expect(handler).toHaveBeenCalledOnce();
  });

  test('that an operator has completed: what they gave, as a response', async () => {
    const { send, idempotency } = route(succeed());
    await send();
    const [record] = (await idempotency.records.list({})).records;
    await idempotency.records.release(record!.id);
    const value = { status: 201, headers: { location: '/charges/7' }, body: { charged: 7 } };
    await idempotency.records.complete(record!.id, value);
    const response = await send();
    expect([response.status, response.headers.get('location')]).toEqual([201, '/charges/7']);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ charged: 7 });
  });

  test('that an operator has completed with something else: 409 result-omitted', async () => {
    const { send, idempotency } = route(succeed());
    await send();
    const [record] = (await idempotency.records.list({})).records;
    await idempotency.records.release(record!.id);
    await idempotency.records.complete(record!.id, 'done');
    expect(await problemOf(await send())).toEqual([409, 'result-omitted']);
  });
});

test('a response that cannot be made again is the error of its request, which is answered', async () => {
  const { send } = route(() => Response.error());
  await expect(send()).rejects.toThrow(RangeError);
});
