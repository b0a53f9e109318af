import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };
const day = 86_400_000;

describe('retention', () => {
  it('ends the replay: after 24 hours the work is new, unless told otherwise', async () => {
    const { idempotency, clock } = deployed();
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    await once('a');
    await clock.advance(day - 1);
    await once('a');
    expect(work).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect((await once.execute('a')).record).toMatchObject({ attempt: 1 });
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('false keeps a record until someone deletes it', async () => {
    const { idempotency, clock } = deployed({ retention: false });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    await once('a');
    await clock.advance(3_650 * day);
    expect((await once.execute('a')).record).toMatchObject({ expiresAt: undefined });
    expect(work).toHaveBeenCalledTimes(1);
    expect(await idempotency.records.delete(await once.idOf('a'))).toBe(true);
    await once('a');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('can differ by outcome, and either can be for ever', async () => {
    const { idempotency, clock } = deployed({
      failure: 'record',
      retention: { completed: false, failed: '1m' },
    });
    const work = vi.fn(async (id: string) => {
      if (id === 'bad') throw new Error('no');
      return 'ok';
    });
    const once = idempotency.wrap(work, options);
    await once('good');
    await once('bad').catch(() => {});
    await clock.advance(365 * day);
    expect((await once.execute('good')).outcome).toBe('replayed');
    await once('bad').catch(() => {});
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('can be longer than any timer', async () => {
    const { idempotency, clock } = deployed({ retention: '3650d', lease: '3650d' });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    await once('a');
    await clock.advance(3_650 * day - 1);
    expect((await once.execute('a')).outcome).toBe('replayed');
    await clock.advance(1);
    expect((await once.execute('a')).outcome).toBe('executed');
  });

  it("retirement: 'paused' keeps records also from what other work leaves behind", async () => {
    const { elsewhere, clock } = deployed({ retirement: 'paused', lease: '3s' });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = elsewhere().wrap(work, options);
    for (const id of ['a', 'b', 'c']) await once(id);
    await clock.advance(2 * day);
    const slow = elsewhere().wrap(
      (_id: string) => new Promise<void>((resolve) => clock.schedule(10_000, resolve)),
      options,
    );
    const call = slow('d');
    await clock.advance(10_000);
    await call;
    for (const id of ['a', 'b', 'c']) {
      expect((await once.execute(id)).outcome).toBe('replayed');
    }
  });

  it("retirement: 'paused' keeps records also from waiting calls and from workflows", async () => {
    const { elsewhere, clock } = deployed({ retirement: 'paused', inProgress: 'wait' });
    const once = elsewhere().wrap(async (_id: string) => 'ok', options);
    const ids = Array.from({ length: 20 }, (_, n) => `kept ${n}`);
    for (const id of ids) await once(id);
    await clock.advance(2 * day);
    const slow = () =>
      elsewhere().wrap(
        (_id: string) => new Promise<void>((resolve) => clock.schedule(10_000, resolve)),
        options,
      );
    const calls = [slow()('slow'), slow()('slow')];
    const flow = elsewhere().workflow((_id: string, step) => step('one', async () => 'done'), {
      operation: 'flow',
      key: (id) => id,
    });
    await flow('flow');
    await clock.advance(20_000);
    await Promise.all(calls);
    for (const id of ids) expect((await once.execute(id)).outcome).toBe('replayed');
  });

  it("retirement: 'paused' goes on replaying what is still there, and turned back retires it", async () => {
    const { elsewhere, clock } = deployed();
    const work = vi.fn(async (_id: string) => 'ok');
    const paused = elsewhere({ retirement: 'paused' }).wrap(work, options);
    await paused('a');
    await clock.advance(2 * day);
    await paused('a');
    expect(work).toHaveBeenCalledTimes(1);
    await elsewhere().wrap(work, options)('a');
    expect(work).toHaveBeenCalledTimes(2);
  });
});
