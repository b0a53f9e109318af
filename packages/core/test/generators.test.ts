import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

async function* pages(_id: string) {
  yield 1;
}
function* items(_id: string) {
  yield 1;
}
const own = { operation: 'export', key: (id: string) => id };

describe('a generator function', () => {
  it.each([pages, items])('is refused where it is wrapped: %o', async (generator) => {
    const { idempotency } = deployed();
    const refusal = /^OPTIONS_INVALID: \w+ was given a generator function/;
    expect(() => idempotency.wrap(generator, own)).toThrow(refusal);
    expect(() => idempotency.workflow(generator as never, own as never)).toThrow(refusal);
    const block = { operation: 'block', key: 'k' };
    await expect(idempotency.execute(block, generator as never)).rejects.toThrow(refusal);
    expect(await idempotency.settled(block, generator as never)).toMatchObject({
      outcome: 'failed',
      started: false,
      error: { code: 'OPTIONS_INVALID' },
    });
  });
});

/** What compilers for ES5 make of a generator: nothing of it is native. */
const transpiled = () => {
  const step = () => ({ value: undefined, done: true });
  const generator = { next: step, return: step, throw: step, [Symbol.iterator]: () => generator };
  return generator;
};
const asyncIterator = () => ({
  next: async () => ({ value: 1, done: false }),
  [Symbol.asyncIterator]() {
    return this;
  },
});

describe('a result that has done nothing yet', () => {
  it.each<[string, () => unknown]>([
    ['an async generator', () => pages('a')],
    ['a generator', () => items('a')],
    ['a transpiled generator', transpiled],
    ['an async iterator', asyncIterator],
    ['a promise of one', async () => pages('a')],
  ])('frees the key and says so, whatever failure says: %s', async (_, make) => {
    const { idempotency } = deployed({ failure: 'record' });
    const work = vi.fn((_id: string): unknown => 'read').mockImplementationOnce(make);
    const once = idempotency.wrap(work, own);
    await expect(once('a')).rejects.toMatchObject({
      code: 'RESULT_UNSERIALIZABLE',
      message: expect.stringContaining('read it to its end'),
      recordId: await once.idOf('a'),
    });
    expect(await idempotency.records.get(await once.idOf('a'))).toMatchObject({ status: 'failed' });
    expect(await once('a')).toBe('read');
  });

  it.each<[string, () => unknown]>([
    ['the entries of a Map', () => new Map([[1, 2]]).entries()],
    ['a stream', () => new ReadableStream()],
  ])('is not one that merely cannot be kept: %s', async (_, make) => {
    const { idempotency } = deployed();
    const work = vi.fn((_id: string) => make());
    const once = idempotency.wrap(work, own);
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_UNSERIALIZABLE' });
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(work).toHaveBeenCalledTimes(1);
  });
});
