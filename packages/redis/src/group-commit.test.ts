import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { createGroup, type GroupOptions, ItemFault } from './group-commit.ts';

interface Item {
  readonly key: string;
  readonly bytes?: number;
  isOver?: boolean;
}

/** A group whose requests are answered when the test says so. */
function manual(options: Partial<GroupOptions<Item, string, string>> = {}) {
  const requests: {
    readonly keys: string[];
    answer(answers?: (string | ItemFault)[]): void;
    fail(error: unknown): void;
  }[] = [];
  const send = (items: readonly Item[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<(string | ItemFault)[]>();
    const keys = items.map(({ key }) => key);
    const answer = (answers = keys.map((key): string | ItemFault => `answer to ${key}`)) =>
      resolve(answers);
    requests.push({ keys, answer, fail: reject });
    return promise;
  };
  const ask = createGroup<Item, string, string>({
    sendAlone: async (item) => (await send([item]))[0] as string,
    sendTogether: send,
    answered: (_item, answer) => answer,
    faultOf: (_item, error) => error,
    bytesOf: ({ bytes = 0 }) => bytes,
    isGivenUp: ({ isOver = false }) => isOver,
    isTogetherRefused: () => false,
    whenFull: () => new Error('full'),
    maxItems: 3,
    maxBytes: 100,
    maxRequests: 1,
    itemsAhead: 1_000,
    maxWaiting: 1_000_000,
    maxWaitingBytes: 1_000_000,
    ...options,
  });
  return { ask, requests, sent: () => requests.map(({ keys }) => keys) };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('what comes alone is sent at once', async () => {
  const { ask, requests, sent } = manual();
  for (const key of ['a', 'b']) {
    const answer = ask({ key });
    expect(sent().at(-1)).toEqual([key]);
    requests.at(-1)!.answer();
    expect(await answer).toBe(`answer to ${key}`);
  }
});

test('what is asked for in one tick travels together, and everybody gets his own answer', async () => {
  const { ask, requests, sent } = manual({ maxRequests: 2 });
  const answers = Promise.all(['a', 'b', 'c'].map((key) => ask({ key })));
  await tick();
  expect(sent()).toEqual([['a'], ['b', 'c']]);
  for (const { answer } of requests) answer();
  expect(await answers).toEqual(['answer to a', 'answer to b', 'answer to c']);
});

test('after a request of several, the next one waits for the end of its tick, too', async () => {
  const { ask, requests, sent } = manual({ maxRequests: 2 });
  const before = Promise.all(['a', 'b', 'c'].map((key) => ask({ key })));
  await tick();
  for (const { answer } of requests) answer();
  await before;
  void ask({ key: 'd' });
  void ask({ key: 'e' });
  await tick();
  expect(sent().at(-1)).toEqual(['d', 'e']);
});

test('of many in one tick, the first ones leave before it ends if nothing is under way', async () => {
  const { ask, requests, sent } = manual({ maxItems: 8, maxRequests: 3, itemsAhead: 4 });
  const warm = Promise.all(['a', 'b', 'c'].map((key) => ask({ key })));
  await tick();
  for (const { answer } of requests.splice(0)) answer();
  await warm;
  const [first, second, third] = ['first', 'second', 'third'].map((name) =>
    Array.from({ length: 4 }, (_, at) => `${name} ${at}`),
  ) as [string[], string[], string[]];
  const answers = Promise.all([...first, ...second].map((key) => ask({ key })));
  expect(sent()).toEqual([first]);
  await tick();
  expect(sent()).toEqual([first, second]);
  requests[0]!.answer();
  await tick();
  void Promise.all(third.map((key) => ask({ key })));
  expect(sent()).toEqual([first, second]);
  await tick();
  expect(sent()).toEqual([first, second, third]);
  requests[1]!.answer();
  expect(await answers).toEqual([...first, ...second].map((key) => `answer to ${key}`));
});

test('while all places are taken, what comes is collected, in bounded requests', async () => {
  const { ask, requests, sent } = manual();
  const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => ask({ key })));
  await tick();
  expect(sent()).toEqual([['a']]);
  requests[0]!.answer();
  await tick();
  await tick();
  requests[1]!.answer();
  await tick();
  await tick();
  requests[2]!.answer();
  expect(await answers).toHaveLength(5);
  expect(sent()).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
});

test('a request holds a bounded number of bytes, and a larger item travels alone', async () => {
  const { ask, sent } = manual({ maxRequests: 9 });
  for (const [key, bytes] of [
    ['first', 1],
    ['a', 60],
    ['b', 60],
    ['c', 1_000],
    ['d', 10],
  ] as const) {
    void ask({ key, bytes });
  }
  await tick();
  expect(sent()).toEqual([['first'], ['a'], ['b'], ['c'], ['d']]);
});

test('one item’s fault is its own, and that of a request everybody’s who is in it', async () => {
  const { ask, requests } = manual({ maxRequests: 2 });
  const first = ask({ key: 'first' });
  const calls = Promise.allSettled(['a', 'bad', 'c'].map((key) => ask({ key })));
  await tick();
  requests[1]!.answer(['a', new ItemFault(new Error('bad')), 'c']);
  expect((await calls).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const others = Promise.allSettled(['d', 'e'].map((key) => ask({ key })));
  await tick();
  requests[2]!.fail(new Error('cut off'));
  expect((await others).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  requests[0]!.answer();
  expect(await first).toBe('answer to first');
});

test('what an item makes of its answer is what its caller gets, and its fault is its own', async () => {
  const { ask, requests } = manual({
    maxRequests: 3,
    answered: ({ key }, answer) => {
      if (key === 'bad') throw new Error('unreadable');
      return key === 'slow' ? tick().then(() => `late ${answer}`) : answer.toUpperCase();
    },
    faultOf: ({ key }, error) => new Error(`${key}: ${(error as Error).message}`),
  });
  const first = ask({ key: 'first' });
  const calls = Promise.allSettled(['a', 'bad', 'slow', 'cut'].map((key) => ask({ key })));
  await tick();
  requests[1]!.answer();
  await tick();
  requests[0]!.answer();
  requests[2]!.fail(new Error('gone'));
  expect(await first).toBe('ANSWER TO FIRST');
  const [a, bad, slow, cut] = await calls;
  expect(a).toMatchObject({ value: 'ANSWER TO A' });
  expect(bad).toMatchObject({ reason: new Error('unreadable') });
  expect(slow).toMatchObject({ value: 'late answer to slow' });
  expect(cut).toMatchObject({ reason: new Error('cut: gone') });
});

test('what may not be asked together is asked one by one, then and later', async () => {
  const { ask, requests, sent } = manual({ isTogetherRefused: () => true });
  const first = ask({ key: 'first' });
  const two = Promise.all(['a', 'b'].map((key) => ask({ key })));
  requests[0]!.answer();
  await first;
  await tick();
  requests[1]!.fail(new Error('of two servers'));
  await tick();
  expect(sent().slice(2)).toEqual([['a'], ['b']]);
  requests[2]!.answer();
  requests[3]!.answer();
  expect(await two).toEqual(['answer to a', 'answer to b']);
  for (const key of ['c', 'd']) void ask({ key });
  await tick();
  expect(sent().slice(4)).toEqual([['c'], ['d']]);
});

test('what was given up while it waited is not sent, and holds up nobody', async () => {
  const { ask, requests, sent } = manual();
  void ask({ key: 'first' });
  const dead: Item[] = Array.from({ length: 50 }, (_, at) => ({ key: `dead ${at}` }));
  const ended = Promise.allSettled(dead.map(ask));
  const live = ask({ key: 'live' });
  await tick();
  for (const item of dead) item.isOver = true;
  requests[0]!.answer();
  await tick();
  await tick();
  expect(sent()).toEqual([['first'], ['live']]);
  requests[1]!.answer();
  expect(await live).toBe('answer to live');
  for (const { status } of await ended) expect(status).toBe('rejected');
});

test('who finds no room is refused, and there is room once others were given up', async () => {
  const { ask } = manual({ maxWaiting: 2 });
  void ask({ key: 'first' });
  const dead: Item[] = [{ key: 'a' }, { key: 'b' }];
  for (const item of dead) ask(item).catch(() => {});
  await tick();
  await expect(ask({ key: 'c' })).rejects.toThrow('full');
  const others = manual({ maxWaitingBytes: 10 });
  void others.ask({ key: 'first' });
  const given: Item = { key: 'a', bytes: 9 };
  others.ask(given).catch(() => {});
  await tick();
  given.isOver = true;
  let isRefused = false;
  others.ask({ key: 'b', bytes: 9 }).catch(() => {
    isRefused = true;
  });
  await tick();
  expect(isRefused).toBe(false);
});

test('a request of one call runs in its context, one of several in none', async () => {
  const storage = new AsyncLocalStorage<string>();
  const contexts: (string | undefined)[] = [];
  const { ask } = manual({
    maxRequests: 2,
    itemsAhead: 2,
    sendAlone: async () => {
      contexts.push(storage.getStore());
      await tick();
      return '';
    },
    sendTogether: async (items) => {
      contexts.push(storage.getStore());
      return items.map(() => '');
    },
  });
  const calls = (...names: string[]) =>
    Promise.all(names.map((name) => storage.run(name, () => ask({ key: name }))));
  await calls('one', 'two', 'three');
  expect(contexts).toEqual(['one', undefined]);
  await calls('one', 'two', 'three', 'four');
  expect(contexts).toEqual(['one', undefined, undefined, undefined]);
});
