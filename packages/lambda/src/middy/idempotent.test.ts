import middy from '@middy/core';
import { currentExecution } from '@twiceproof/core';
import type { Context } from 'aws-lambda';
import { describe, expect, test, vi } from 'vitest';
import { deployed, underWay } from '../../test/deployed.ts';
import { invocation } from '../../test/invocation.ts';
import { executionOf, idempotent } from './index.ts';

interface Order {
  readonly orderId: string;
}
const options = { operation: 'ship', key: (event: Order) => event.orderId };
const context = (left = 30_000): Context => invocation(left);
const order = { orderId: 'o-1' };

/** A middleware that notes when it is called. */
function noting(name: string, calls: string[]) {
  const note = (hook: string) => () => {
    calls.push(`${name}.${hook}`);
  };
  return { before: note('before'), after: note('after'), onError: note('onError') };
}

describe('a replay', () => {
  test('skips the handler, what is inside, and every after', async () => {
    const { idempotency } = deployed();
    const calls: string[] = [];
    const handler = middy(async (event: Order) => {
      calls.push('handler');
      return { shipped: event.orderId, at: new Date() };
    })
      .use(noting('outside', calls))
      .use(idempotent(idempotency, options))
      .use(noting('inside', calls));

    const first = await handler(order, context());
    expect(calls).toEqual([
      'outside.before',
      'inside.before',
      'handler',
      'inside.after',
      'outside.after',
    ]);
    calls.length = 0;
    expect(await handler(order, context())).toEqual(first);
    expect(calls).toEqual(['outside.before']);
    await handler({ orderId: 'o-2' }, context());
    expect(calls).toContain('handler');
  });

  test.each([[undefined], [null], [''], [0], [false]])('of %j is that', async (value) => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => value);
    const handler = middy(handled).use(idempotent(idempotency, options));
    expect(await handler(order, context())).toBe(value);
    expect(await handler(order, context())).toBe(value);
    expect(handled).toHaveBeenCalledOnce();
  });

  test('answers what the middlewares inside made of the response', async () => {
    const { idempotency } = deployed();
    const handler = middy(async () => 'raw')
      .use(idempotent(idempotency, options))
      .after((request) => {
        request.response = `shaped ${request.response}`;
      });
    expect(await handler(order, context())).toBe('shaped raw');
    expect(await handler(order, context())).toBe('shaped raw');
  });
});

describe('errors', () => {
  test('of the handler free the key, and go on to the other middlewares', async () => {
    const { idempotency } = deployed();
    const calls: string[] = [];
    const handled = vi.fn(async () => 'done').mockRejectedValueOnce(new Error('mine'));
    const handler = middy(handled)
      .use(noting('outside', calls))
      .use(idempotent(idempotency, options));
    await expect(handler(order, context())).rejects.toThrow('mine');
    expect(calls).toEqual(['outside.before', 'outside.onError']);
    expect(await handler(order, context())).toBe('done');
    expect(handled).toHaveBeenCalledTimes(2);
  });

  test('that are recorded are thrown again without the handler', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {
      throw new RangeError('for good');
    });
    const handler = middy(handled).use(idempotent(idempotency, { ...options, failure: 'record' }));
    await expect(handler(order, context())).rejects.toThrow('for good');
    await expect(handler(order, context())).rejects.toThrow('for good');
    expect(handled).toHaveBeenCalledOnce();
  });

  test('of a middleware outside, after everything was recorded, change no record', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => 'done');
    let isBroken = true;
    const handler = middy(handled)
      .after(() => {
        if (isBroken) throw new Error('outside');
      })
      .use(idempotent(idempotency, options));
    await expect(handler(order, context())).rejects.toThrow('outside');
    isBroken = false;
    expect(await handler(order, context())).toBe('done');
    expect(handled).toHaveBeenCalledOnce();
  });

  test('of a middleware before it have nothing to do with it', async () => {
    const { idempotency } = deployed();
    const handler = middy(async () => 'done')
      .before(() => {
        throw new Error('outside');
      })
      .use(idempotent(idempotency, options));
    await expect(handler(order, context())).rejects.toThrow('outside');
    expect((await idempotency.records.list({})).records).toEqual([]);
  });

  test('are those of core where the key is in progress, missing, or there is no time', async () => {
    const { idempotency, elsewhere } = deployed();
    const handled = vi.fn(async () => 'done');
    const handler = middy(handled).use(idempotent(idempotency, options));
    const other = underWay(elsewhere, 'ship', 'busy');
    await other.begun;
    await expect(handler({ orderId: 'busy' }, context())).rejects.toMatchObject({
      code: 'IN_PROGRESS',
    });
    await other.end();
    await expect(handler({} as Order, context())).rejects.toMatchObject({ code: 'KEY_MISSING' });
    await expect(handler(order, context(500))).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(handled).not.toHaveBeenCalled();
  });
});

describe('time', () => {
  test("Middy's own timeout is an unknown outcome, never a released key", async () => {
    const { idempotency } = deployed();
    const never = vi.fn((): Promise<string> => new Promise(() => {}));
    const own = { ...options, abandoned: 'hold', maxDuration: false, margin: 0 } as const;
    const handler = middy(never).use(idempotent(idempotency, own));
    // Middy gives up 5 ms before the end.
    await expect(handler(order, context(500))).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(handler(order, context())).rejects.toMatchObject({ code: 'HELD' });
    expect(never).toHaveBeenCalledOnce();
  });

  test('a handler that ends after its limit has failed, and what it answers then is known', async () => {
    const { idempotency } = deployed();
    const own = { ...options, abandoned: 'hold', maxDuration: 20 } as const;
    const handled = vi.fn(async (_event: Order, given: Context) => {
      const { signal } = executionOf(given);
      return new Promise<string>((resolve) => {
        signal.addEventListener('abort', () => resolve('late'));
      });
    });
    const handler = middy(handled).use(idempotent(idempotency, own));
    await expect(handler(order, context())).rejects.toMatchObject({ code: 'TIMED_OUT' });
    // It came before anybody else had a claim, so there is nothing to hold.
    await expect.poll(() => handler(order, context()).catch((error) => error.code)).toBe('late');
    expect(handled).toHaveBeenCalledOnce();
  });
});

test('the handler finds its execution by its context, and no other context has one', async () => {
  const { idempotency } = deployed();
  const handler = middy(async (_event: Order, given: Context) => {
    expect(() => currentExecution()).toThrow('outside of an execution');
    const { operation, downstreamKey } = executionOf(given);
    return { operation, downstreamKey };
  }).use(idempotent(idempotency, options));
  expect(await handler(order, context())).toEqual({
    operation: 'ship',
    downstreamKey: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(() => executionOf(context())).toThrow('no execution is known');
});

test('invocations side by side do not meet', async () => {
  const { idempotency } = deployed();
  const handled = vi.fn(async (event: Order) => event.orderId);
  const handler = middy(handled).use(idempotent(idempotency, options));
  const ids = ['a', 'b', 'c', 'd'];
  const answers = await Promise.all(ids.map((orderId) => handler({ orderId }, context())));
  expect(answers).toEqual(ids);
});

test('wrong options show when it is made', () => {
  const { idempotency } = deployed();
  expect(() => idempotent(idempotency, { operation: 'ship' } as never)).toThrow('needs a key');
  expect(() => idempotent(idempotency, { ...options, lease: 'soon' as never })).toThrow('lease is');
});
