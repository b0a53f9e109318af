import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
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
