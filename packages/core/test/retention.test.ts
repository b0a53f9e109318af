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
