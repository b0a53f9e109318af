import { createIdempotency, currentExecution, type OperationOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it } from 'vitest';

const base = { environment: 'test', store: memoryStore() };
const encrypt = { current: 'k1', keys: { k1: new Uint8Array(32) } };

describe('options', () => {
  it.each([
    [{ ...base, environment: '' }, 'environment'],
    [{ ...base, environment: undefined }, 'environment'],
    [{ ...base, store: undefined }, 'store'],
    [{ ...base, store: {} }, 'store'],
    [{ ...base, retentoin: '7d' }, "did you mean 'retention'?"],
    [{ ...base, retention: '7 days' }, 'retention'],
    [{ ...base, retention: -1 }, 'retention'],
    [{ ...base, retention: { completed: '1d', faild: '1d' } }, "did you mean 'failed'?"],
    [{ ...base, lease: 0 }, 'lease'],
    [{ ...base, storeTimeout: Number.NaN }, 'storeTimeout'],
    [undefined, 'environment'],
    [{ ...base, retention: 1e300 }, 'retention'],
    [{ ...base, lease: '400000d' }, 'lease'],
    [{ ...base, keySecret: '' }, 'keySecret'],
    [{ ...base, compress: { algorithm: 'gzip', treshold: 1 } }, "did you mean 'threshold'?"],
    [
      { ...base, encrypt: { ...encrypt, acceptPlainText: true } },
      "did you mean 'acceptPlaintext'?",
    ],
    [{ ...base, encrypt: { ...encrypt, acceptPlaintext: 'yes' } }, 'encrypt.acceptPlaintext'],
    [{ ...base, encrypt: 'k1' }, 'encrypt'],
    [{ ...base, runtime: { clocc: {} } }, "did you mean 'clock'?"],
    [{ ...base, compress: 'brotli' }, 'compress'],
    [{ ...base, failure: async () => 'record' }, 'failure'],
    [{ ...base, run: -1 }, 'run'],
    [{ ...base, scope: '' }, 'scope'],
    [{ ...base, scope: null }, 'scope'],
    [{ ...base, environment: 'x'.repeat(201) }, 'environment'],
  ])('createIdempotency(%o) names what is wrong', (options, named) => {
    expect(() => createIdempotency(options as never)).toThrow(named);
    expect(() => createIdempotency(options as never)).toThrow('OPTIONS_INVALID');
  });

  it.each([
    [{ operation: '' }, 'operation'],
    [{ operation: undefined }, 'operation'],
    [{ operation: 'x', lease: '-3s' }, 'lease'],
    [{ operation: 'x', key: 'id' }, 'key'],
    [{ operation: 'x', fingerprint: 1 }, 'fingerprint'],
    [{ operation: 'x', inProgress: { wait: '0s' } }, 'inProgress.wait'],
    [{ operation: 'x', inProgress: 'queue' }, 'inProgress'],
    [{ operation: 'x', abandoned: 'retry' }, 'abandoned'],
    [{ operation: 'x', failure: 'throw' }, 'failure'],
    [{ operation: 'x', missingKey: 'ignore' }, 'missingKey'],
    [{ operation: 'x', storeOutage: 'ignore' }, 'storeOutage'],
    [{ operation: 'x', retirement: 'off' }, 'retirement'],
    [{ operation: 'x', maxResultBytes: 0 }, 'maxResultBytes'],
    [{ operation: 'x', enabled: 'no' }, 'enabled'],
    [{ operation: 'x', run: -1 }, 'run'],
    [{ operation: 'x', scope: '' }, 'scope'],
    [{ operation: 'x', ttl: '1d' }, "no option 'ttl'"],
  ])('wrap with %o names what is wrong, when it wraps', (options, named) => {
    const { wrap } = createIdempotency(base);
    expect(() => wrap(() => 1, options as never)).toThrow(named);
    expect(() => wrap(() => 1, options as never)).toThrow('OPTIONS_INVALID');
  });

  it('refuses what is no set of options', async () => {
    const idempotency = createIdempotency(base);
    expect(() => idempotency.extend(undefined as never)).toThrow('OPTIONS_INVALID');
    expect(() => idempotency.wrap(() => 1, null as never)).toThrow('OPTIONS_INVALID');
    expect(() => idempotency.method('refund' as never)).toThrow('OPTIONS_INVALID');
    await expect(idempotency.execute(undefined as never, () => 1)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
    await expect(idempotency.records.list(null as never)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
  });

  it('takes what the machine gives where runtime leaves it out', async () => {
    const clock = undefined as never;
    const { wrap } = createIdempotency({ ...base, runtime: { clock, random: Math.random } });
    expect(await wrap(async (_id: string) => 'ran', { operation: 'machine' })('a')).toBe('ran');
  });

  it('refuses to wrap what is no function', () => {
    expect(() => createIdempotency(base).wrap('x' as never, { operation: 'x' })).toThrow('wrap');
  });

  it.each<[OperationOptions, unknown, string, string]>([
    [{ key: (event) => (event as { id?: string }).id }, {}, 'KEY_MISSING', ''],
    [
      { key: (event) => [1, { id: (event as { id?: null }).id }] },
      { id: null },
      'KEY_MISSING',
      '[1].id',
    ],
    [
      { key: (event) => event as object },
      { order: { items: [1, { price: Number.NaN }] } },
      'KEY_UNSUPPORTED',
      'order.items[1].price',
    ],
    [
      { key: (event) => event as object },
      { at: new URL('https://example.com') },
      'KEY_UNSUPPORTED',
      'at',
    ],
    [{}, { items: [() => 1] }, 'KEY_UNSUPPORTED', '[0].items[0]'],
  ])('refuses a bad key with its path', async (options, event, code, path) => {
    const { wrap } = createIdempotency(base);
    const call = wrap(async (_event: unknown) => 'ran', { operation: 'x', ...options })(event);
    await expect(call).rejects.toMatchObject({ code, path });
  });

  it('refuses a bad fingerprint with its path and the record that it is for', async () => {
    const { wrap } = createIdempotency(base);
    const once = wrap(async (event: { id: string; amount: number }) => event.id, {
      operation: 'x',
      key: (event) => event.id,
      fingerprint: ({ amount }) => ({ amount }),
    });
    const event = { id: 'a', amount: Number.NaN };
    await expect(once(event)).rejects.toMatchObject({
      code: 'KEY_UNSUPPORTED',
      path: 'amount',
      recordId: await once.idOf(event),
    });
  });

  it("runs calls without a key when missingKey is 'execute'", async () => {
    const { wrap, records } = createIdempotency({ ...base, environment: 'missing' });
    const once = wrap(async (_id?: string) => 'ran', {
      operation: 'x',
      key: (id) => id,
      missingKey: 'execute',
    });
    expect(await once.execute(undefined)).toEqual({
      value: 'ran',
      outcome: 'executed',
      record: undefined,
    });
    expect((await records.list()).records).toEqual([]);
    expect(
      await wrap(async (_id?: string) => currentExecution().run, {
        operation: 'x',
        key: (id) => id,
        missingKey: 'execute',
        run: 4,
      })(),
    ).toBe(4);
  });

  it('shows operators that an input could not be told, and executes', async () => {
    const { wrap } = createIdempotency(base);
    const once = wrap(async (order: { customer?: { name: string } }) => typeof order, {
      operation: 'input',
      input: (order) => order.customer!.name,
    });
    expect(await once.execute({})).toMatchObject({
      value: 'object',
      record: { inputPreview: '<unreadable>' },
    });
  });

  it('refuses a scope that gives undefined, so that tenants never meet by accident', async () => {
    const { wrap } = createIdempotency(base);
    const once = wrap(async (_event: { tenant?: string }) => 1, {
      operation: 'x',
      key: () => 'k',
      scope: (event) => event.tenant as string,
    });
    await expect(once({})).rejects.toThrow('scope');
  });
});
