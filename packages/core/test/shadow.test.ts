import { type CallInfo, currentExecution, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const own = { operation: 'work', key: (id: string | null) => id };

/** A deployment in shadow, and how its calls ended. */
function shadowed(options: Parameters<typeof deployed>[0] = {}) {
  const counted: [outcome: string | undefined, error: unknown][] = [];
  const instrumentation = {
    async execute<T>(call: CallInfo, next: () => Promise<T>): Promise<T> {
      try {
        return await next();
      } finally {
        counted.push([call.outcome, (call.error as { code?: string })?.code]);
      }
    },
  };
  return { ...deployed({ enabled: 'shadow', instrumentation, ...options }), counted };
}

describe("enabled: 'shadow'", () => {
  it('executes every call, and counts what would have been replayed', async () => {
    const { idempotency, elsewhere, counted } = shadowed();
    let executions = 0;
    const work = async (_id: string | null) => ({ execution: ++executions });
    expect(await idempotency.wrap(work, own).execute('a')).toEqual({
      value: { execution: 1 },
      outcome: 'executed',
      record: undefined,
    });
    expect(await idempotency.wrap(work, own)('a')).toEqual({ execution: 2 });
    expect(await elsewhere().wrap(work, own).settled('a')).toMatchObject({
      outcome: 'shadowed',
      value: { execution: 3 },
      started: true,
    });
    expect(await idempotency.wrap(work, own)('b')).toEqual({ execution: 4 });
    expect(counted).toEqual([
      ['executed', undefined],
      ['shadowed', undefined],
      ['shadowed', undefined],
      ['executed', undefined],
    ]);
  });

  it.each<[string, object, string | null, string, string | undefined]>([
    ['a missing key', {}, null, 'shadowed', 'KEY_MISSING'],
    ['a key without a form', { key: () => Number.NaN }, 'a', 'shadowed', 'KEY_UNSUPPORTED'],
    ['a missing key that is let pass', { missingKey: 'execute' }, null, 'bypassed', undefined],
    ['a key that throws', { key: () => JSON.parse('{') }, 'a', 'shadowed', undefined],
  ])('counts what would have been refused: %s', async (_, changed, key, outcome, code) => {
    const { idempotency, counted } = shadowed();
    const work = vi.fn(async (id: string | null) => id);
    expect(await idempotency.wrap(work, { ...own, ...changed } as typeof own)(key)).toBe(key);
    expect(counted).toEqual([[outcome, code]]);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('counts another payload, a call during another, and a result that cannot be recorded', async () => {
    const { idempotency, counted } = shadowed();
    let payload = 1;
    const once = idempotency.wrap(async (id: string | null) => id, {
      ...own,
      fingerprint: () => payload,
    });
    await once('a');
    payload = 2;
    await once('a');
    const { promise, resolve } = gate();
    const slow = idempotency.wrap((_id: string | null) => promise, { ...own, operation: 'slow' });
    const first = slow('a');
    await settled();
    const second = slow('a');
    await settled();
    resolve();
    await Promise.all([first, second]);
    await idempotency.wrap(async (_id: string | null) => () => 1, { ...own, operation: 'odd' })(
      'a',
    );
    expect(counted).toEqual([
      ['executed', undefined],
      ['shadowed', 'FINGERPRINT_MISMATCH'],
      // Both end with the same event.
      expect.toBeOneOf([
        ['executed', undefined],
        ['shadowed', 'IN_PROGRESS'],
      ]),
      expect.toBeOneOf([
        ['executed', undefined],
        ['shadowed', 'IN_PROGRESS'],
      ]),
      ['shadowed', 'RESULT_UNSERIALIZABLE'],
    ]);
    expect(counted[2]).not.toEqual(counted[3]);
  });

  it.each([
    ['release', 'executed'],
    ['record', 'shadowed'],
    ['function', 'shadowed'],
  ])('tells a failure as one, and what would become of it: %s', async (failure, next) => {
    const verdict = failure === 'function' ? () => 'record' as const : (failure as 'record');
    const { idempotency, counted } = shadowed({ failure: verdict });
    const mine = new RangeError('mine');
    const work = vi.fn(async (id: string | null) => id).mockRejectedValueOnce(mine);
    const once = idempotency.wrap(work, own);
    expect(await once.settled('a')).toMatchObject({
      outcome: 'failed',
      error: mine,
      recorded: false,
    });
    await once('a');
    expect(counted.map(([outcome]) => outcome)).toEqual(['failed', next]);
  });

  it.each([
    ['record', 'shadowed'],
    ['release', 'executed'],
    ['unknown', 'executed'],
  ] as const)('asks the verdict about the real result: %s', async (verdict, next) => {
    const asked = vi.fn((_result: unknown) => verdict);
    const { idempotency, counted } = shadowed();
    const once = idempotency.wrap(async (id: string | null) => ({ status: id }), {
      ...own,
      verdict: asked,
    });
    await once('a');
    await once('a');
    expect(asked).toHaveBeenCalledWith({ status: 'a' });
    expect(counted.map(([outcome]) => outcome)).toEqual(['executed', next]);
  });

  it('counts what a record of those who do enforce would have answered, and leaves it as it is', async () => {
    const { idempotency, elsewhere, counted } = shadowed();
    const enforcing = elsewhere({ enabled: true });
    const work = async (id: string | null) => `${id} of ${currentExecution().id?.split('/')[0]}`;
    await enforcing.wrap(work, own)('a');
    const before = (await enforcing.records.list()).records;
    expect(await idempotency.wrap(work, own).settled('a')).toMatchObject({ outcome: 'shadowed' });
    expect((await enforcing.records.list()).records).toEqual(before);
    expect(counted.at(-1)).toEqual(['shadowed', undefined]);
  });

  it('never answers or refuses a call of those who enforce, or shows operators anything', async () => {
    const { idempotency, elsewhere } = shadowed({ abandoned: 'hold' });
    const { promise, resolve } = gate<string>();
    const running = idempotency.wrap((_id: string | null) => promise, own)('running');
    await idempotency.wrap(async (_id: string | null) => 'shadow', own)('a');
    await settled();
    expect((await idempotency.records.list()).records).toEqual([]);
    const enforcing = elsewhere({ enabled: true }).wrap(async (_id: string | null) => 'real', own);
    expect(await enforcing.execute('a')).toMatchObject({ value: 'real', outcome: 'executed' });
    expect(await enforcing.execute('running')).toMatchObject({ value: 'real' });
    resolve('shadow');
    expect(await running).toBe('shadow');
  });

  it('writes marks that hold no data, and that are retired', async () => {
    const { idempotency, elsewhere, store } = shadowed({ retention: false, failure: 'record' });
    const secret = 'personal-data';
    const options = { ...own, input: () => secret };
    await idempotency.wrap(async (_id: string | null) => secret, options)(secret);
    const failing = { ...options, operation: 'failing' };
    const work = (_id: string | null) => Promise.reject(new Error(secret));
    await idempotency.wrap(work, failing).settled(secret);
    const { records } = await elsewhere({ environment: 'test~shadow' }).records.list();
    expect(records).toHaveLength(2);
    for (const { id, expiresAt } of records) {
      const record = (await store.get(id))!;
      expect(expiresAt! - record.startedAt).toBeLessThan(31 * 86_400_000);
      expect(Buffer.from(record.outcome!).toString('latin1')).not.toContain(secret);
      expect(JSON.stringify({ ...record, outcome: undefined })).not.toContain(secret);
    }
  });

  it.each(['reject', 'execute'] as const)(
    'does not wait for a store that is away, and counts what its outage would have meant: %s',
    async (storeOutage) => {
      const never = new Promise<never>(() => {});
      const silent: Store = { ...memoryStore(), acquire: () => never, get: () => never };
      const { idempotency, clock, counted } = shadowed({ store: silent, storeOutage });
      const call = idempotency.wrap(async (id: string | null) => id, own)('a');
      await settled();
      await clock.advance(250);
      expect(await call).toBe('a');
      expect(counted).toEqual([['executed', undefined]]);

      const down = () => Promise.reject(new Error('down'));
      const broken: Store = { ...memoryStore(), acquire: down, get: down };
      const other = shadowed({ store: broken, storeOutage, storeTimeout: 1 });
      const next = other.idempotency.wrap(async (id: string | null) => id, own)('a');
      await settled();
      await other.clock.advance(100);
      expect(await next).toBe('a');
      const refused = ['shadowed', 'STORE_UNAVAILABLE'];
      expect(other.counted).toEqual([storeOutage === 'reject' ? refused : ['executed', undefined]]);
    },
  );

  it('shows the function the execution that it would have, and asks no probe', async () => {
    const probe = vi.fn(() => 'hold' as const);
    const { idempotency, elsewhere } = shadowed({ abandoned: probe });
    const seen = async (_id: string | null) => {
      const { id, downstreamKey, run, fence } = currentExecution();
      return { id, downstreamKey, run, fence };
    };
    const real = elsewhere({ enabled: true, abandoned: 'hold' }).wrap(seen, own);
    const { fence: _fence, ...expected } = await real('a');
    expect(await idempotency.wrap(seen, own)('a')).toEqual({ ...expected, fence: 0 });
    expect(probe).not.toHaveBeenCalled();
  });

  it('is refused by another name', () => {
    expect(() => deployed({ enabled: 'shadows' as never })).toThrow('OPTIONS_INVALID: enabled');
  });
});
