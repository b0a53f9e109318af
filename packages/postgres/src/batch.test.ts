import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { type BatchOptions, createBatch } from './batch.ts';

interface Item {
  readonly key: string;
  readonly bytes?: number;
}

/** A batch whose requests are answered when the test says so. */
function manual(options: Partial<BatchOptions<Item, string>> = {}) {
  const requests: {
    readonly keys: string[];
    answer: (keys?: string[]) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const ask = createBatch<Item, string>({
    keyOf: ({ key }) => key,
    bytesOf: ({ bytes = 0 }) => bytes,
    maxItems: 3,
    maxBytes: 100,
    maxRequests: 1,
    maxWaiting: 1_000_000,
    maxWaitingBytes: 1_000_000,
    whenFull: () => new Error('full'),
    isSeparable: () => false,
    send: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      const keys = items.map(({ key }) => key);
      const answer = (answers = keys.map((key) => `answer to ${key}`)) => resolve(answers);
      requests.push({ keys, answer, fail: reject });
      return promise;
    },
    ...options,
  });
  return { ask, requests };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked for in one tick travels as one request, and everybody gets his own answer', async () => {
  const { ask, requests } = manual();
  const answers = Promise.all([ask({ key: 'a' }), ask({ key: 'b' })]);
  await tick();
  expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  requests[0]!.answer();
  expect(await answers).toEqual(['answer to a', 'answer to b']);
});

test('a request holds a bounded number of items, and the rest waits for a place', async () => {
  const { ask, requests } = manual();
  const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => ask({ key })));
  await tick();
  expect(requests).toHaveLength(1);
  requests[0]!.answer();
  await tick();
  requests[1]!.answer();
  expect(await answers).toHaveLength(5);
  expect(requests.map(({ keys }) => keys)).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
});

test('a request holds a bounded number of bytes, and a larger item travels alone', async () => {
  const { ask, requests } = manual({ maxRequests: 9 });
  for (const [key, bytes] of [
    ['a', 60],
    ['b', 60],
    ['c', 1_000],
    ['d', 10],
  ] as const) {
    void ask({ key, bytes });
  }
  await tick();
  expect(requests.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c'], ['d']]);
});

test('items of one key never share a request, and keep their order', async () => {
  const { ask, requests } = manual();
  const answered: string[] = [];
  for (const [at, key] of ['a', 'a', 'b', 'a'].entries()) {
    void ask({ key }).then(() => answered.push(`${key}${at}`));
  }
  for (let request = 0; request < 3; request += 1) {
    await tick();
    requests[request]!.answer();
  }
  await tick();
  expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a'], ['a']]);
  expect(answered).toEqual(['a0', 'b2', 'a1', 'a3']);
});

test('while all places are taken, what comes is collected', async () => {
  const { ask, requests } = manual();
  void ask({ key: 'a' });
  await tick();
  void ask({ key: 'b' });
  await tick();
  void ask({ key: 'c' });
  await tick();
  expect(requests).toHaveLength(1);
  requests[0]!.answer();
  await tick();
  expect(requests[1]!.keys).toEqual(['b', 'c']);
});

test('a fault of the request reaches all of its callers, and no others', async () => {
  const { ask, requests } = manual();
  const first = Promise.allSettled([ask({ key: 'a' }), ask({ key: 'b' })]);
  await tick();
  const second = ask({ key: 'c' });
  requests[0]!.fail(new Error('cut off'));
  for (const { status } of await first) expect(status).toBe('rejected');
  await tick();
  requests[1]!.answer();
  expect(await second).toBe('answer to c');
});

test('where one item may be at fault, each is sent alone and only that one fails', async () => {
  const sent: string[][] = [];
  const { ask } = manual({
    maxItems: 9,
    isSeparable: () => true,
    send: async (items) => {
      const keys = items.map(({ key }) => key);
      sent.push(keys);
      if (keys.includes('bad')) throw new Error('bad row');
      return keys;
    },
  });
  const keys = ['a', 'b', 'bad', 'c', 'd', 'e', 'f'];
  const answers = await Promise.allSettled(keys.map((key) => ask({ key })));
  const failed = keys.filter((_, at) => answers[at]!.status === 'rejected');
  expect(failed).toEqual(['bad']);
  expect(sent).toHaveLength(1 + keys.length);
});

describe('where one item waited for too long for somebody else', () => {
  const keys = ['a', 'b', 'locked', 'c'];

  function passing(answers: (keys: readonly string[]) => readonly (string | undefined)[]) {
    const sent: string[][] = [];
    const { ask } = manual({
      maxItems: 9,
      isSeparable: () => true,
      passBy: {
        isDueTo: (error) => (error as Error).message === 'locked',
        async send(items) {
          const passed = items.map(({ key }) => key);
          sent.push(['past', ...passed]);
          return answers(passed);
        },
      },
      async send(items) {
        sent.push(items.map(({ key }) => key));
        if (items.length > 1) throw new Error('locked');
        return ['alone'];
      },
    });
    return { ask, sent };
  }

  test('the others are answered together, and only that one is sent alone', async () => {
    const { ask, sent } = passing((all) => all.map((key) => (key === 'locked' ? undefined : key)));
    expect(await Promise.all(keys.map((key) => ask({ key })))).toEqual(['a', 'b', 'alone', 'c']);
    expect(sent).toEqual([keys, ['past', ...keys], ['locked']]);
  });

  test('each is sent alone if that is of no help', async () => {
    const { ask, sent } = passing(() => {
      throw new Error('locked');
    });
    expect(await Promise.all(keys.map((key) => ask({ key })))).toEqual(keys.map(() => 'alone'));
    expect(sent).toHaveLength(2 + keys.length);
  });

  test('one of which the others were given up is sent alone', async () => {
    const { ask, sent } = passing((all) => all);
    const wanted = ask({ key: 'a' });
    const given = ask({ key: 'b' }, () => sent.length > 0);
    await expect(given).rejects.toThrow(/nobody waits/);
    expect(await wanted).toBe('alone');
    expect(sent).toEqual([['a', 'b'], ['a']]);
  });

  test('only what is still wanted is sent', async () => {
    const { ask, sent } = passing((all) => all);
    const wanted = ['a', 'b'].map((key) => ask({ key }));
    const given = ask({ key: 'c' }, () => sent.length > 0);
    await expect(given).rejects.toThrow(/nobody waits/);
    expect(await Promise.all(wanted)).toEqual(['a', 'b']);
    expect(sent).toEqual([
      ['a', 'b', 'c'],
      ['past', 'a', 'b'],
    ]);
  });
});

test('a request of one call runs in its context, one of several in none', async () => {
  const storage = new AsyncLocalStorage<string>();
  const contexts: (string | undefined)[] = [];
  const { ask } = manual({
    send: async (items) => {
      contexts.push(storage.getStore());
      return items.map(() => '');
    },
  });
  await storage.run('one', () => ask({ key: 'a' }));
  await Promise.all([
    storage.run('one', () => ask({ key: 'a' })),
    storage.run('other', () => ask({ key: 'b' })),
  ]);
  expect(contexts).toEqual(['one', undefined]);
});

test('what was given up while it waited is not sent, and what is sent meanwhile is not held up by it', async () => {
  const { ask, requests } = manual();
  void ask({ key: 'first' });
  await tick();
  let isOver = false;
  const given = Array.from({ length: 50 }, (_, at) => ask({ key: `dead ${at}` }, () => isOver));
  const ended = Promise.allSettled(given);
  const live = ask({ key: 'live' }, () => false);
  isOver = true;
  requests[0]!.answer();
  await tick();
  expect(requests.map(({ keys }) => keys)).toEqual([['first'], ['live']]);
  requests[1]!.answer();
  expect(await live).toBe('answer to live');
  for (const { status } of await ended) expect(status).toBe('rejected');
});

test('one by one, too, only what is still wanted is sent', async () => {
  const sent: string[][] = [];
  let isOver = false;
  const { ask } = manual({
    maxItems: 99,
    isSeparable: () => true,
    send: async (items) => {
      sent.push(items.map(({ key }) => key));
      isOver = true;
      if (items.length > 1) throw new Error('one of them');
      return ['done'];
    },
  });
  const wanted = ask({ key: 'wanted' });
  const given = ask({ key: 'given up' }, () => isOver);
  await expect(given).rejects.toThrow(/nobody waits/);
  expect(await wanted).toBe('done');
  expect(sent).toEqual([['wanted', 'given up'], ['wanted']]);
});

test('who finds no room to wait is told so, and what was given up leaves room', async () => {
  const { ask, requests } = manual({ maxWaiting: 10 });
  void ask({ key: 'first' });
  await tick();
  let isOver = false;
  const given = Array.from({ length: 10 }, (_, at) => ask({ key: `${at}` }, () => isOver));
  const ended = Promise.allSettled(given);
  isOver = true;
  const live = ask({ key: 'live' });
  for (const { status } of await ended) expect(status).toBe('rejected');
  for (let at = 0; at < 9; at += 1) void ask({ key: `more ${at}` });
  await expect(ask({ key: 'too many' })).rejects.toThrow('full');
  requests[0]!.answer();
  await tick();
  requests[1]!.answer();
  expect(await live).toBe('answer to live');
});

test('bytes that wait are bounded as well, and one item that is larger than all the room still travels', async () => {
  const { ask, requests } = manual({ maxWaitingBytes: 100 });
  void ask({ key: 'huge', bytes: 1_000 });
  await expect(ask({ key: 'more', bytes: 1 })).rejects.toThrow('full');
  await tick();
  expect(requests[0]!.keys).toEqual(['huge']);
  void ask({ key: 'more', bytes: 100 });
  await expect(ask({ key: 'too much', bytes: 1 })).rejects.toThrow('full');
});

test('a line of hundreds of thousands is served in order, at a cost that grows no faster than it', async () => {
  const served = async (count: number) => {
    let last = -1;
    const { ask } = manual({
      maxItems: 128,
      send: async (items) => {
        for (const { key } of items) {
          if (Number(key) !== last + 1) throw new Error('out of turn');
          last += 1;
        }
        return items.map(() => '');
      },
    });
    // Of the processor: on the clock, a busy machine makes of it what it likes.
    const start = process.cpuUsage();
    await Promise.all(Array.from({ length: count }, (_, at) => ask({ key: `${at}` })));
    return process.cpuUsage(start).user;
  };
  const [small, large] = [await served(25_000), await served(400_000)];
  // Sixteen times as many; with a cost that grows by the square it would be 256.
  expect(large / small).toBeLessThan(64);
});
