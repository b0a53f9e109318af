import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const work = async (_key: unknown) => 'done';
const nothing = [undefined, null, '', ' \t', [], {}, new Map(), new Set(), new Uint8Array()];

describe('a key that says nothing', () => {
  it.each(nothing)('is missing: %o, alone and as a part', async (key) => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(work, { operation: 'work', key: (value) => value as object });
    await expect(once(key)).rejects.toMatchObject({ code: 'KEY_MISSING', path: '' });
    await expect(once(['acme', key])).rejects.toMatchObject({ code: 'KEY_MISSING', path: '[1]' });
    await expect(once({ order: { id: key } })).rejects.toMatchObject({ path: 'order.id' });
    await expect(
      idempotency.execute({ operation: 'block', key: key as string }, () => 1),
    ).rejects.toMatchObject({ code: 'KEY_MISSING' });
  });

  it.each(nothing)("runs without idempotency when missingKey is 'execute': %o", async (key) => {
    const { idempotency } = deployed({ missingKey: 'execute' });
    const once = idempotency.wrap(work, { operation: 'work', key: (value) => ['acme', value] });
    expect(await once.execute(key)).toMatchObject({ value: 'done', record: undefined });
  });

  it('is no argument at all, which a constant or a date can stand for', async () => {
    const { idempotency } = deployed();
    const job = vi.fn(async (_at?: Date) => 'done');
    const once = idempotency.wrap(job, { operation: 'nightly' });
    await expect(once()).rejects.toThrow(/^KEY_MISSING: 'nightly' .*a date.*constant/);
    await expect(once(undefined)).rejects.toMatchObject({ code: 'KEY_MISSING' });
    await expect(once.idOf()).rejects.toMatchObject({ code: 'KEY_MISSING' });
    expect(job).not.toHaveBeenCalled();
    const ever = idempotency.wrap(job, { operation: 'nightly', key: () => 'only one ever' });
    expect([await ever(), await ever()]).toEqual(['done', 'done']);
    expect(job).toHaveBeenCalledTimes(1);
  });

  it('is not an argument list that holds null or blank text', async () => {
    const { idempotency } = deployed();
    const search = vi.fn(async (_text: string | null, _page?: number) => 'done');
    const once = idempotency.wrap(search, { operation: 'search' });
    const ids = await Promise.all([once.idOf(''), once.idOf(null), once.idOf('', 1)]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('the default key', () => {
  it('does not depend on arguments left out at the end', async () => {
    const { idempotency } = deployed();
    const charge = vi.fn(async (id: string, _note?: string, _tag?: string) => id);
    const once = idempotency.wrap(charge, { operation: 'charge' });
    await once('a');
    await once('a', undefined);
    await once('a', undefined, undefined);
    expect(charge).toHaveBeenCalledTimes(1);
    await once('a', undefined, 'tag');
    expect(charge).toHaveBeenCalledTimes(2);
  });
});

describe('whole numbers that JSON has rounded', () => {
  const rounded = JSON.parse('9007199254740993');

  it('are refused in a key, a fingerprint and a scope, pointing at bigint or text', async () => {
    const { idempotency } = deployed();
    const own = { operation: 'work', key: () => 'k' };
    const call = (changed: object) => idempotency.wrap(work, { ...own, ...changed })(1);
    const advice = /2\^53 - 1.*(bigint|text)/;
    await expect(call({ key: () => ({ order: rounded }) })).rejects.toMatchObject({
      code: 'KEY_UNSUPPORTED',
      path: 'order',
      message: expect.stringMatching(advice),
    });
    await expect(call({ fingerprint: () => [rounded] })).rejects.toMatchObject({
      code: 'KEY_UNSUPPORTED',
      path: '[0]',
      message: expect.stringMatching(advice),
    });
    await expect(call({ scope: () => rounded })).rejects.toThrow(/scope.*2\^53 - 1.*bigint/);
    expect(() => idempotency.wrap(work, { ...own, scope: rounded })).toThrow(/scope.*2\^53 - 1/);
    expect(await call({ key: () => 9007199254740993n })).toBe('done');
  });
});

describe('a scope that says nothing', () => {
  it.each([undefined, null, '', ' '])('is missing, by its name: %o', async (scope) => {
    const { idempotency } = deployed({ missingKey: 'execute' });
    const once = idempotency.wrap(work, {
      operation: 'work',
      key: () => 'k',
      scope: () => scope as string,
    });
    await expect(once(1)).rejects.toMatchObject({ code: 'KEY_MISSING', path: 'scope' });
  });

  it('is refused as an option, where it is given', () => {
    const { idempotency } = deployed();
    expect(() => idempotency.wrap(work, { operation: 'work', scope: ' ' })).toThrow(
      'OPTIONS_INVALID: scope',
    );
  });
});
