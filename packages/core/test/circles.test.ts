import { describe, expect, it, vi } from 'vitest';
import { deployed, settled } from './deployed.ts';

const named = (operation: string) => ({ operation, key: (id: string) => id });

describe('calls that would wait for each other', () => {
  it('are refused with who waits for whom, and the others go on', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const both = Promise.withResolvers<void>();
    let started = 0;
    const meet = (): Promise<void> => {
      if (++started === 2) both.resolve();
      return both.promise;
    };
    const a = idempotency.wrap(async (id: string): Promise<string> => {
      await meet();
      return `a with ${await b(id)}`;
    }, named('a'));
    const bWork = vi.fn(async (id: string): Promise<string> => {
      await meet();
      return a(id).then(
        (value) => `b with ${value}`,
        (error: Error) => error.message,
      );
    });
    const b = idempotency.wrap(bWork, named('b'));
    const calls = Promise.all([a('x'), b('x')]);
    const message = (await calls)[1];
    const [idOfA, idOfB] = [await a.idOf('x'), await b.idOf('x')];
    expect(message).toContain('IN_PROGRESS');
    expect(message).toContain(`${idOfA} waits for ${idOfB}, ${idOfB} waits for ${idOfA}`);
    expect((await calls)[0]).toBe(`a with ${message}`);
    expect(bWork).toHaveBeenCalledTimes(1);
  });

  it('are found through calls in between and longer circles', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const all = Promise.withResolvers<void>();
    const names = ['a', 'b', 'c'];
    let started = 0;
    const calls = new Map(
      names.map((name, at) => {
        const next = names[(at + 1) % names.length]!;
        const inner = idempotency.wrap(
          (id: string): Promise<string> => calls.get(next)!(id),
          named(`${name}-inner`),
        );
        const outer = idempotency.wrap(async (id: string): Promise<string> => {
          if (++started === names.length) all.resolve();
          await all.promise;
          return inner(id);
        }, named(name));
        return [name, outer];
      }),
    );
    const ends = await Promise.allSettled([...calls.values()].map((call) => call('x')));
    for (const end of ends) {
      expect(end).toMatchObject({ status: 'rejected', reason: { code: 'IN_PROGRESS' } });
    }
  });

  it('are no circle when somebody merely waits for the same', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const work = Promise.withResolvers<string>();
    const shared = idempotency.wrap((_id: string) => work.promise, named('shared'));
    const one = idempotency.wrap((id: string) => shared(id), named('one'));
    const two = idempotency.wrap((id: string) => shared(id), named('two'));
    const calls = Promise.all([shared('x'), one('x'), two('x'), one('x')]);
    await settled();
    work.resolve('done');
    expect(await calls).toEqual(['done', 'done', 'done', 'done']);
    // What has ended is not waited for any more.
    const back = idempotency.wrap((id: string) => one(id), named('back'));
    expect(await back('x')).toBe('done');
  });
});
