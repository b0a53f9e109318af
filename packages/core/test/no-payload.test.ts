import { inspect } from 'node:util';
import {
  createIdempotency,
  IdempotencyError,
  type IdempotencyErrorCode,
  tiered,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test, vi } from 'vitest';

/** Stands wherever a caller's data can stand. */
const planted = 'PLANTED-4111';

class Card {
  readonly number = planted;
}

const payment = (more: object = {}) => ({ id: planted, card: { number: planted }, ...more });
type Payment = ReturnType<typeof payment>;

const setup = () => {
  const store = memoryStore();
  const idempotency = createIdempotency({ environment: 'test', store, keySecret: planted });
  const options = { operation: 'charge', key: ({ id }: Payment) => id };
  return { store, idempotency, options };
};

const refusals: Record<IdempotencyErrorCode, () => Promise<unknown>> = {
  async KEY_MISSING() {
    const { idempotency } = setup();
    const options = { operation: 'charge', key: (it: Payment) => [it.id, (it as { no?: 1 }).no] };
    await idempotency.wrap(async (_: Payment) => 1, options)(payment());
  },
  async KEY_UNSUPPORTED() {
    const { idempotency } = setup();
    const options = { operation: 'charge', key: () => [planted, new Card()] };
    await idempotency.wrap(async () => 1, options)();
  },
  async IN_PROGRESS() {
    const { idempotency, options } = setup();
    const charge = idempotency.wrap(async (_: Payment) => charge(payment()), options) as (
      it: Payment,
    ) => Promise<unknown>;
    await charge(payment());
  },
  async FINGERPRINT_MISMATCH() {
    const { idempotency, options } = setup();
    const fingerprint = (it: Payment) => it;
    const charge = idempotency.wrap(async (_: Payment) => planted, { ...options, fingerprint });
    await charge(payment());
    await charge(payment({ other: planted }));
  },
  async HELD() {
    const { idempotency, options } = setup();
    const failing = async (_: Payment) => Promise.reject(new Error(planted));
    const charge = idempotency.wrap(failing, { ...options, failure: 'unknown', abandoned: 'hold' });
    await charge(payment()).catch(() => {});
    await charge(payment());
  },
  async LEASE_LOST() {
    const { store, idempotency, options } = setup();
    const charge = idempotency.wrap(async (_: Payment) => {
      for (const { id } of (await store.list({ limit: 9 })).records) await store.delete(id);
      return { planted };
    }, options);
    await charge(payment());
  },
  async TIMED_OUT() {
    const { idempotency, options } = setup();
    const never = (_: Payment) => new Promise<unknown>(() => {});
    await idempotency.wrap(never, { ...options, maxDuration: 10 })(payment());
  },
  async CLOSED() {
    const { idempotency, options } = setup();
    await idempotency.close();
    await idempotency.wrap(async (_: Payment) => planted, options)(payment());
  },
  async RESULT_UNSERIALIZABLE() {
    const { idempotency, options } = setup();
    const result = { planted, card: new Card(), [planted]: planted };
    await idempotency.wrap(async (_: Payment) => result, options)(payment());
  },
  async RESULT_OMITTED() {
    const { idempotency, options } = setup();
    const large = async (_: Payment) => planted.repeat(1_000);
    const charge = idempotency.wrap(large, { ...options, maxResultBytes: 1_000 });
    await charge(payment());
    await charge(payment());
  },
  async RECORD_CORRUPT() {
    const { store, idempotency, options } = setup();
    const damaging = {
      ...store,
      complete: ((id, token, outcome) =>
        store.complete(id, token, {
          ...outcome,
          bytes: Buffer.from(planted),
        })) as typeof store.complete,
    };
    const charge = idempotency
      .extend({ store: damaging } as never)
      .wrap(async (_: Payment) => planted, options);
    await charge(payment());
    await charge(payment());
  },
  async STORE_UNAVAILABLE() {
    const { store, options } = setup();
    const away = { ...store, acquire: () => Promise.reject(new Error('ECONNREFUSED')) };
    const terms = { environment: 'test', storeTimeout: 100 };
    const idempotency = createIdempotency({ ...terms, store: away });
    await idempotency.wrap(async (_: Payment) => planted, options)(payment());
  },
  async OPTIONS_INVALID() {
    createIdempotency({ environment: 'test', store: memoryStore(), encrypt: planted as never });
  },
};

test.each(Object.entries(refusals))(
  '%s tells nothing of what the caller gave',
  async (code, run) => {
    const said = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name),
    );
    const error: unknown = await run().then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(IdempotencyError);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(planted);
    expect(JSON.stringify(error)).not.toContain(planted);
    expect(said.flatMap(({ mock }) => mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  },
);

test.each<[string, () => unknown]>([
  ['the options', () => createIdempotency(`postgres://app:${planted}@db/shop` as never)],
  [
    'the store',
    () => createIdempotency({ environment: 'x', store: `redis://:${planted}@db` as never }),
  ],
  ['a tier', () => tiered([memoryStore(), `redis://:${planted}@db` as never])],
  ['the options of a store', () => memoryStore(`mysql://app:${planted}@db` as never)],
])('an address in the place of %s is refused without its password', (_what, make) => {
  expect(make).toThrow(
    expect.objectContaining({
      code: 'OPTIONS_INVALID',
      message: expect.not.stringContaining(planted),
    }),
  );
});
