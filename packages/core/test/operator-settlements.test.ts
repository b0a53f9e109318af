import { describe, expect, it } from 'vitest';
import { deployed } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('what operators settle', () => {
  it('completed by hand, keeps the record until someone deletes it, or for the retention that was given', async () => {
    const { idempotency, clock } = deployed({ retention: '1h' });
    const once = idempotency.wrap(async (id: string) => {
      throw new Error(id);
    }, options);
    const { records } = idempotency;
    for (const key of ['for ever', 'for a day', 'said so']) await once(key).catch(() => {});
    const idOf = (key: string) => once.idOf(key);
    expect(await records.complete(await idOf('for ever'), 'done')).toBe(true);
    expect(await records.complete(await idOf('said so'), 'done', { retention: false })).toBe(true);
    expect(await records.complete(await idOf('for a day'), 'done', { retention: '24h' })).toBe(
      true,
    );
    await clock.advance(23 * 3_600_000);
    expect(await once('for a day')).toBe('done');
    await clock.advance(365 * 24 * 3_600_000);
    expect(await records.get(await idOf('for a day'))).toBeUndefined();
    for (const key of ['for ever', 'said so']) expect(await once(key)).toBe('done');
    await expect(
      records.complete(await idOf('for ever'), 'done', { retention: -1 }),
    ).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  });

  it('keeps in the record who settled it without executing it, and why', async () => {
    const { idempotency } = deployed({ abandoned: async () => ({ completed: 'found' }) });
    const once = idempotency.wrap(async (id: string) => {
      throw new Error(id);
    }, options);
    await once('a').catch(() => {});
    const id = await once.idOf('a');
    const { records } = idempotency;
    await records.complete(id, 'done', { by: 'ada', reason: 'seen at the bank' });
    expect((await records.get(id))?.settledBy).toEqual({ by: 'ada', reason: 'seen at the bank' });
    await records.release(id, { by: 'sam', reason: 'wrong bank' });
    expect((await records.get(id))?.settledBy).toEqual({ by: 'sam', reason: 'wrong bank' });
    await once('a').catch(() => {});
    expect((await records.get(id))?.settledBy).toBeUndefined();
    await records.complete(id, 'done');
    expect((await records.get(id))?.settledBy).toMatchObject({ by: 'operator' });
    await records.releaseAll({}, { by: 'bulk' });
    expect((await records.get(id))?.settledBy).toMatchObject({ by: 'bulk' });
  });
});
