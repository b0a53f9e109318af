import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeIdempotent } from '../src/index.ts';
import { placeKinds, usePlaces } from './places.ts';
import { lambda, startTypescript } from './program.ts';

const places = usePlaces();
afterEach(() => {
  vi.unstubAllEnvs();
});

function engine() {
  const store = memoryStore();
  return { store, idempotency: createIdempotency({ environment: 'test', store }) };
}

describe('makeIdempotent', () => {
  test('takes an IdempotencyConfig of Powertools', async () => {
    const { idempotency } = engine();
    const charge = vi.fn(async function charge(order: { id: string; note?: string }) {
      return { charged: order.id };
    });
    const config = new IdempotencyConfig({
      eventKeyJmesPath: 'id',
      payloadValidationJmesPath: 'note',
      throwOnNoIdempotencyKey: true,
    });
    const once = makeIdempotent(charge, { idempotency, config: config as never });
    expect(await once({ id: 'x', note: 'a' })).toEqual({ charged: 'x' });
    expect(await once({ id: 'x', note: 'a' })).toEqual({ charged: 'x' });
    expect(charge).toHaveBeenCalledTimes(1);
    await expect(once({ id: 'x', note: 'b' })).rejects.toThrow('FINGERPRINT_MISMATCH');
    await expect(once({} as never)).rejects.toThrow('KEY_MISSING');
  });

  test('runs calls without a key without idempotency, unless it is to throw', async () => {
    const { idempotency } = engine();
    const charge = vi.fn(async function charge(_order: { id?: string; to?: string }) {});
    const config = { eventKeyJmesPath: '[id, to]' };
    const once = makeIdempotent(charge, { idempotency, config });
    for (let call = 0; call < 2; call++) await once({});
    expect(charge).toHaveBeenCalledTimes(2);
    for (let call = 0; call < 2; call++) await once({ id: 'x' });
    expect(charge).toHaveBeenCalledTimes(3);
  });

  test('hashes the argument that dataIndexArgument names, and the event of a handler', async () => {
    const { idempotency } = engine();
    const charge = vi.fn(async function charge(first: string, second: unknown) {
      return [first, second];
    });
    const once = makeIdempotent(charge, { idempotency, dataIndexArgument: 1 });
    expect(await once('a', 'x')).toEqual(['a', 'x']);
    expect(await once('b', 'x')).toEqual(['a', 'x']);
    const context = { getRemainingTimeInMillis: () => 5_000 };
    const handled = vi.fn(async function handle(event: string, _context: unknown) {
      return event;
    });
    const handler = makeIdempotent(handled, { idempotency, dataIndexArgument: 1 });
    expect(await handler('a', context)).toBe('a');
    expect(await handler('b', context)).toBe('b');
  });

  test('holds the lease for what is left of the invocation', async () => {
    const { idempotency, store } = engine();
    const running = Promise.withResolvers<void>();
    const started = vi.fn();
    async function handle(_event: string, _context: unknown): Promise<void> {
      started();
      await running.promise;
    }
    const handler = makeIdempotent(handle, { idempotency });
    const answered = handler('a', { getRemainingTimeInMillis: () => 700_000 });
    await vi.waitFor(() => expect(started).toHaveBeenCalled(), 20_000);
    const { records } = await store.list({ limit: 10 });
    expect(records[0]!.leaseUntil - records[0]!.startedAt).toBe(700_000);
    running.resolve();
    await answered;
  });

  test('keeps records as long as expiresAfterSeconds says, an hour by default', async () => {
    const { idempotency, store } = engine();
    async function charge(id: string): Promise<string> {
      return id;
    }
    await makeIdempotent(charge, { idempotency })('a');
    const config = { expiresAfterSeconds: 60 };
    await makeIdempotent(charge, { idempotency, config, operation: 'short' })('a');
    const { records } = await store.list({ limit: 10 });
    const kept = records.map((each) => [each.operation, each.expiresAt! - each.completedAt!]);
    expect(new Map(kept as [string, number][])).toEqual(
      new Map([
        ['charge', 3_600_000],
        ['short', 60_000],
      ]),
    );
  });

  test('names its operation after the prefix, or the Lambda and the function', async () => {
    const { idempotency, store } = engine();
    async function charge(id: string): Promise<string> {
      return id;
    }
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', lambda);
    await makeIdempotent(charge, { idempotency })('a');
    await makeIdempotent(charge, { idempotency, keyPrefix: 'my-prefix' })('a');
    const { records } = await store.list({ limit: 10 });
    expect(records.map(({ operation }) => operation).sort()).toEqual([
      'my-prefix',
      'orders-fn.charge',
    ]);
    expect(() => makeIdempotent(async () => {}, { idempotency })).toThrow('has no name');
    expect(() => makeIdempotent(charge, {} as never)).toThrow('makeIdempotent needs idempotency');
  });

  test('shows operators nothing of the payload', async () => {
    const { idempotency, store } = engine();
    async function charge(order: { card: string }): Promise<string> {
      return order.card.slice(-4);
    }
    await makeIdempotent(charge, { idempotency })({ card: '4111111111111111' });
    const { records } = await store.list({ limit: 10 });
    expect(JSON.stringify(records)).not.toContain('41111111');
  });

  test('calls the function on the same this, and the response hook on replays alone', async () => {
    const { idempotency } = engine();
    const responseHook = vi.fn((response: { total: number }, record: { getStatus(): string }) => ({
      ...response,
      hooked: record.getStatus(),
    }));
    const config = { responseHook: responseHook as never };
    const shop = {
      rate: 2,
      total: makeIdempotent(
        async function total(this: { rate: number }, amount: number) {
          return { total: this.rate * amount };
        },
        { idempotency, config },
      ),
    };
    expect(await shop.total(4)).toEqual({ total: 8 });
    expect(await shop.total(4)).toEqual({ total: 8, hooked: 'COMPLETED' });
    expect(responseHook).toHaveBeenCalledTimes(1);
  });

  test('runs every call where the configuration is disabled', async () => {
    const { idempotency } = engine();
    vi.stubEnv('POWERTOOLS_IDEMPOTENCY_DISABLED', 'true');
    vi.spyOn(console, 'warn').mockReturnValue();
    const charge = vi.fn(async function charge(_id: string) {});
    const config = new IdempotencyConfig({}) as never;
    const once = makeIdempotent(charge, { idempotency, config });
    for (let call = 0; call < 2; call++) await once('a');
    expect(charge).toHaveBeenCalledTimes(2);
  });

  test.each(placeKinds)('adopts what makeIdempotent of Powertools wrote on %s', async (kind) => {
    const place = await places.open(kind);
    const old = startTypescript('old-code');
    const spec = { place: place.spec, config: { eventKeyJmesPath: 'id' }, result: 'by old code' };
    expect(await old.ask({ spec, event: { id: 'x' } })).toMatchObject({ ran: true });
    old.stop();
    const { idempotency } = engine();
    const charge = vi.fn(async function charge(_order: { id: string }) {
      return 'by new code';
    });
    const once = makeIdempotent(charge, {
      idempotency,
      operation: 'charge',
      config: spec.config,
      adopt: { ...place.old, lambda, belongsTo: 'charge' },
    });
    expect(await once({ id: 'x' })).toBe('by old code');
    expect(await once({ id: 'y' })).toBe('by new code');
  });
});
