import type { IdempotencyError } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test, vi } from 'vitest';
import { deployed, underWay } from '../test/deployed.ts';
import { groupMessage, message } from '../test/sqs-event.ts';
import { sqsBatch } from './index.ts';

const options = {
  operation: 'charge',
  key: (record: SQSRecord): string => JSON.parse(record.body).paymentId,
  onItemError: (): void => {},
};
const payment = (paymentId: string): string => JSON.stringify({ paymentId });
const failed = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('a batch of ten with repeats, one poison message and one that is in progress elsewhere', () => {
  test('names exactly what failed, and a second delivery completes the rest', async () => {
    const { idempotency, elsewhere } = deployed();
    const effects: string[] = [];
    let isMended = false;
    const handler = sqsBatch(idempotency, options, async (record) => {
      const { paymentId } = JSON.parse(record.body);
      if (paymentId === 'poison' && !isMended) throw new Error('poison');
      effects.push(paymentId);
    });
    const other = underWay(elsewhere, 'charge', 'elsewhere');
    await other.begun;
    const records = ['a', 'b', 'a', 'poison', 'c', 'b', 'elsewhere', 'a', 'd', 'e'].map(
      (id, index) => message(`m-${index}`, payment(id)),
    );

    const answer = await handler({ Records: records });
    expect(answer.batchItemFailures.map((each) => each.itemIdentifier).sort()).toEqual([
      'm-3',
      'm-6',
    ]);
    expect(effects.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);

    await other.end();
    isMended = true;
    expect(await handler({ Records: [records[3]!, records[6]!] })).toEqual(failed());
    expect(effects.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'poison']);
  });
});

describe('one record twice in a batch', () => {
  test('is executed once, and both wait for its end', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {});
    const handler = sqsBatch(idempotency, options, handled);
    const twice = message('m', payment('a'));
    expect(await handler({ Records: [twice, twice] })).toEqual(failed());
    expect(handled).toHaveBeenCalledOnce();
  });

  test('is never acknowledged for one that failed: the second is tried', async () => {
    const { idempotency } = deployed();
    let tries = 0;
    const handler = sqsBatch(idempotency, options, async () => {
      tries += 1;
      if (tries === 1) throw new Error('the first');
    });
    const records = [message('m-1', payment('a')), message('m-2', payment('a'))];
    expect(await handler({ Records: records })).toEqual(failed('m-1'));
    expect(tries).toBe(2);

    const always = sqsBatch(idempotency, { ...options, operation: 'always' }, async () => {
      throw new Error('each');
    });
    expect(await always({ Records: records })).toEqual(failed('m-1', 'm-2'));
    // One id is named once, however often it occurs.
    expect(await always({ Records: [records[0]!, records[0]!] })).toEqual(failed('m-1'));
  });
});

describe('order', () => {
  /** Notes who runs while who else does. */
  function observed(failing: readonly string[] = []) {
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const work = async (record: SQSRecord): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      order.push(`${record.messageId}>`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`<${record.messageId}`);
      running -= 1;
      if (failing.includes(record.messageId)) throw new Error(`failed ${record.messageId}`);
    };
    return { order, work, most: () => most };
  }

  test('a group of a FIFO queue runs in order, groups side by side', async () => {
    const { idempotency } = deployed();
    const { order, work, most } = observed();
    const records = ['x', 'y'].flatMap((group) =>
      [1, 2, 3].map((at) => groupMessage(group, `${group}${at}`, payment(`${group}${at}`))),
    );
    expect(await sqsBatch(idempotency, options, work)({ Records: records })).toEqual(failed());
    for (const group of ['x', 'y']) {
      const own = order.filter((each) => each.includes(group));
      expect(own).toEqual([1, 2, 3].flatMap((at) => [`${group}${at}>`, `<${group}${at}`]));
    }
    expect(most()).toBe(2);
  });

  test('after a failure the rest of its group fails untried, and says why', async () => {
    const { idempotency } = deployed();
    const { order, work } = observed(['x2']);
    const told: [string, string][] = [];
    const handler = sqsBatch(
      idempotency,
      {
        ...options,
        onItemError: (error, record) => told.push([record.messageId, (error as Error).message]),
      },
      work,
    );
    const records = ['x1', 'y1', 'x2', 'x3', 'y2', 'x4'].map((id) =>
      groupMessage(id[0]!, id, payment(id)),
    );
    const answer = await handler({ Records: records });
    expect(answer.batchItemFailures.map((each) => each.itemIdentifier)).toEqual(['x2', 'x3', 'x4']);
    expect(order.filter((each) => each.endsWith('>')).sort()).toEqual(['x1>', 'x2>', 'y1>', 'y2>']);
    const untried = 'not tried, because an earlier message of its group failed';
    expect(told).toEqual([
      ['x2', 'failed x2'],
      ['x3', untried],
      ['x4', untried],
    ]);
  });

  test('a group of a standard queue has none', async () => {
    const { idempotency } = deployed();
    const { work, most } = observed(['1']);
    const records = ['1', '2', '3'].map((id) => ({
      ...groupMessage('fair', id, payment(id)),
      eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
    }));
    expect(await sqsBatch(idempotency, options, work)({ Records: records })).toEqual(failed('1'));
    expect(most()).toBe(3);
  });

  test.each([
    ['records', (id: string) => message(id, payment(id))],
    ['groups', (id: string) => groupMessage(id, id, payment(id))],
  ])('%s run side by side, ten unless told otherwise', async (_, make) => {
    const { idempotency } = deployed();
    const records = Array.from({ length: 30 }, (_, index) => make(`m-${index}`));
    const first = observed();
    await sqsBatch(idempotency, options, first.work)({ Records: records });
    expect(first.most()).toBe(10);
    const second = observed();
    const two = { ...options, operation: 'two', concurrency: 2 };
    await sqsBatch(idempotency, two, second.work)({ Records: records });
    expect(second.most()).toBe(2);
  });

  test('all of them run side by side where there is no limit worth the name', async () => {
    const { idempotency } = deployed();
    const records = Array.from({ length: 30 }, (_, index) =>
      message(`m-${index}`, payment(`${index}`)),
    );
    const { work, most } = observed();
    const all = { ...options, concurrency: Number.MAX_SAFE_INTEGER };
    expect(await sqsBatch(idempotency, all, work)({ Records: records })).toEqual(failed());
    expect(most()).toBe(30);
  });
});

describe('what cannot be handled fails with a clear error, and nothing else does', () => {
  test('a body that is not JSON, a key that is missing, a handler that throws no error', async () => {
    const { idempotency } = deployed();
    const told = new Map<string, unknown>();
    const handler = sqsBatch(
      idempotency,
      { ...options, onItemError: (error, record) => told.set(record.messageId, error) },
      async (record) => {
        if (record.messageId === 'undefined') throw undefined;
      },
    );
    const records = [
      message('text', 'Test message.'),
      message('empty', '{}'),
      message('undefined', payment('a')),
      message('good', payment('b')),
    ];
    const answer = await handler({ Records: records });
    expect(answer).toEqual(failed('text', 'empty', 'undefined'));
    expect(told.get('text')).toBeInstanceOf(SyntaxError);
    expect(told.get('empty')).toMatchObject({ code: 'KEY_MISSING' });
    expect(told.has('undefined')).toBe(true);
  });

  test('without an id to name it by, it fails the whole batch after everything was tried', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {});
    const handler = sqsBatch(
      idempotency,
      { operation: 'charge', onItemError: options.onItemError },
      handled,
    );
    const { messageId: _, ...nameless } = message('m', payment('a'));
    const malformed: unknown[] = [null, 'text', [], 7, nameless, { ...nameless, messageId: null }];
    for (const [index, record] of malformed.entries()) {
      handled.mockClear();
      const good = message(`good-${index}`, payment('b'));
      const error: AggregateError = await handler({ Records: [record as SQSRecord, good] }).then(
        () => expect.unreachable(),
        (reason) => reason,
      );
      expect(error.message).toContain('had no messageId to be named by');
      expect(error.errors).toEqual([expect.objectContaining({ code: 'KEY_MISSING' })]);
      expect(handled).toHaveBeenCalledOnce();
    }
  });

  test('a record without an id that has a key of its own is done like any other', async () => {
    const { idempotency } = deployed();
    const { messageId: _, ...nameless } = message('m', payment('a'));
    const handler = sqsBatch(idempotency, options, async () => {});
    expect(await handler({ Records: [nameless as SQSRecord] })).toEqual(failed());
  });

  test('refused options show when the handler is made', () => {
    const { idempotency } = deployed();
    const make = (wrong: object) => () =>
      sqsBatch(idempotency, { ...options, ...wrong }, async () => {});
    expect(make({ concurrency: 0 })).toThrow('concurrency is 0');
    expect(make({ concurrency: 1.5 })).toThrow('concurrency is 1.5');
    expect(make({ lease: 'soon' })).toThrow("lease is 'soon'");
    expect(make({ margin: -1 })).toThrow('margin is -1');
    expect(make({ onItemEror: () => {} })).toThrow("no option 'onItemEror'");
    expect(make({ operation: '' })).toThrow('operation is');
    expect(() => sqsBatch(idempotency, options, undefined as never)).toThrow(
      'sqsBatch was given undefined; give the function',
    );
    const withStore = () => sqsBatch(memoryStore() as never, options, async () => {});
    expect(withStore).toThrow('sqsBatch needs idempotency');
  });
});

describe('errors', () => {
  test('one that is recorded fails its item each time, for the redrive policy', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {
      throw new RangeError('for good');
    });
    const handler = sqsBatch(idempotency, { ...options, failure: 'record' }, handled);
    const batch = { Records: [message('m', payment('a'))] };
    expect(await handler(batch)).toEqual(failed('m'));
    expect(await handler(batch)).toEqual(failed('m'));
    expect(handled).toHaveBeenCalledOnce();
  });

  test('work that is done is done, also where its result could not be kept', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => () => 'a function');
    const handler = sqsBatch(idempotency, options, handled);
    const batch = { Records: [message('m', payment('a'))] };
    expect(await handler(batch)).toEqual(failed());
    expect(await handler(batch)).toEqual(failed());
    expect(handled).toHaveBeenCalledOnce();
  });

  test("another operation's missing result is a failure of this one", async () => {
    const { idempotency } = deployed();
    const inner = idempotency.wrap(async (_id: string) => () => 'a function', {
      operation: 'inner',
      key: (id) => id,
    });
    await inner('a').catch((error: IdempotencyError) =>
      expect(error.code).toBe('RESULT_UNSERIALIZABLE'),
    );
    const handler = sqsBatch(idempotency, options, () => inner('a'));
    expect(await handler({ Records: [message('m', payment('a'))] })).toEqual(failed('m'));
  });

  test('whoever is told of them changes nothing by failing, and the answer waits for it', async () => {
    const { idempotency } = deployed();
    const order: string[] = [];
    const handler = sqsBatch(
      idempotency,
      {
        ...options,
        onItemError: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          order.push('told');
          throw new Error('from the log');
        },
      },
      async () => {
        throw new Error('mine');
      },
    );
    expect(await handler({ Records: [message('m', payment('a'))] })).toEqual(failed('m'));
    order.push('answered');
    expect(order).toEqual(['told', 'answered']);
  });

  test('without anybody to be told, they are said on the console', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { idempotency } = deployed();
    const mine = new Error('mine');
    const { onItemError: _, ...silent } = options;
    const handler = sqsBatch(idempotency, silent, async () => {
      throw mine;
    });
    await handler({ Records: [message('m', payment('a'))] });
    expect(said.mock.calls).toEqual([["sqsBatch: a record of 'charge' failed (m):", mine]]);
    said.mockRestore();
  });
});
