import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createIdempotency, type WrapOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { oldHash } from '../src/identity/old-hash.ts';
import { type PowertoolsOptions, powertools } from '../src/index.ts';
import { type Place, placeKinds, usePlaces } from './places.ts';
import { lambda, type Program, startTypescript } from './program.ts';
import { written } from './written.ts';

type Event = { readonly id: string; readonly amount?: number };
type Options = PowertoolsOptions<[Event]>;

const places = usePlaces();
const soon = (): number => Math.floor(Date.now() / 1_000) + 600;

function newCode(
  place: Place,
  more: Partial<Options> = {},
  own: Partial<WrapOptions<[Event]>> = {},
) {
  const fn = vi.fn(async ({ id }: Event): Promise<unknown> => `executed ${id}`);
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const options = {
    ...place.old,
    lambda,
    language: 'typescript',
    keyPrefix: 'p',
    key: 'id',
    ...more,
  };
  const once = idempotency.wrap(fn, {
    operation: 'charge',
    key: ({ id }) => id,
    adopt: powertools<[Event]>(options as Options),
    ...own,
  });
  return { fn, once };
}

const idOf = (key: string): string => `p#${oldHash('typescript', 'md5', key)}`;

describe.each(placeKinds)('an old record on %s', (kind) => {
  test('that is in progress refuses the call, with or without a lease', async () => {
    const place = await places.open(kind);
    await written(place, { id: idOf('a'), status: 'INPROGRESS', expiration: soon() });
    const inProgressExpiration = Date.now() + 60_000;
    const leased = { status: 'INPROGRESS', expiration: soon(), inProgressExpiration };
    await written(place, { id: idOf('b'), ...leased });
    const { fn, once } = newCode(place);
    for (const id of ['a', 'b']) {
      expect(await once.settled({ id })).toMatchObject({
        outcome: 'in_progress',
        error: { code: 'IN_PROGRESS', retryAfterMs: 1_000 },
      });
    }
    expect(fn).not.toHaveBeenCalled();
  });

  test('that is in progress is waited for', async () => {
    const place = await places.open(kind);
    await written(place, { id: idOf('a'), status: 'INPROGRESS', expiration: soon() });
    const { fn, once } = newCode(place, {}, { inProgress: 'wait' });
    const answered = once({ id: 'a' });
    await written(place, { id: idOf('a'), status: 'COMPLETED', expiration: soon(), data: 'old' });
    expect(await answered).toBe('old');
    expect(fn).not.toHaveBeenCalled();
  });

  test('that is expired, or whose lease is over, is nothing, and is left as it is', async () => {
    const place = await places.open(kind);
    const past = Math.floor(Date.now() / 1_000) - 10;
    await written(place, { id: idOf('a'), status: 'COMPLETED', expiration: past, data: 'old' });
    await written(place, { id: idOf('b'), status: 'INPROGRESS', expiration: past });
    const over = { status: 'INPROGRESS', expiration: soon(), inProgressExpiration: Date.now() - 1 };
    await written(place, { id: idOf('c'), ...over });
    const before = await place.content();
    const { once } = newCode(place);
    for (const id of ['a', 'b', 'c']) expect(await once({ id })).toBe(`executed ${id}`);
    expect(await place.content()).toStrictEqual(before);
  });

  test('with another validation is a mismatch, and without one is adopted', async () => {
    const place = await places.open(kind);
    const done = { status: 'COMPLETED', expiration: soon(), data: 'old' };
    await written(place, { id: idOf('a'), ...done, validation: oldHash('typescript', 'md5', 1) });
    await written(place, { id: idOf('b'), ...done });
    const { once } = newCode(place, { validation: ({ amount }) => amount });
    expect(await once.settled({ id: 'a', amount: 2 })).toMatchObject({ outcome: 'mismatch' });
    expect(await once({ id: 'a', amount: 1 })).toBe('old');
    expect(await once({ id: 'b', amount: 2 })).toBe('old');
  });

  test('of another operation is nothing, and of none that is known is held', async () => {
    const place = await places.open(kind);
    const whose = (owner: string | undefined) => ({
      keyPrefix: undefined,
      lambda,
      belongsTo: () => owner,
    });
    const id = `${lambda}#${oldHash('typescript', 'md5', 'a')}`;
    await written(place, { id, status: 'COMPLETED', expiration: soon(), data: 'old' });
    const unknown = newCode(place, whose(undefined));
    expect(await unknown.once.settled({ id: 'a' })).toMatchObject({
      error: { code: 'HELD', message: expect.stringContaining(id) },
    });
    expect(unknown.fn).not.toHaveBeenCalled();
    expect(await newCode(place, whose('ship')).once({ id: 'a' })).toBe('executed a');
    expect(await newCode(place, whose('charge')).once({ id: 'a' })).toBe('old');
    const both = newCode(place, { ...whose('ship'), alongside: true });
    expect(await both.once.settled({ id: 'a' })).toMatchObject({ error: { code: 'HELD' } });
  });

  test('with a status that Powertools does not have cannot be read', async () => {
    const place = await places.open(kind);
    await written(place, { id: idOf('a'), status: 'DONE', expiration: soon() });
    const { once } = newCode(place);
    expect(await once.settled({ id: 'a' })).toMatchObject({ error: { code: 'RECORD_CORRUPT' } });
  });

  test('is asked for in run 0 alone', async () => {
    const place = await places.open(kind);
    await written(place, { id: idOf('a'), status: 'COMPLETED', expiration: soon(), data: 'old' });
    const { once } = newCode(place);
    expect(await once.withRun(1)({ id: 'a' })).toBe('executed a');
    expect(await once({ id: 'a' })).toBe('old');
  });
});

describe.each(placeKinds)('alongside old code on %s', (kind) => {
  let old: Program;
  beforeAll(() => {
    old = startTypescript('old-code');
  });
  afterAll(() => old.stop());
  const both = { alongside: true, expiresAfterSeconds: 600 } as const;
  const specOf = (place: Place, config: object = {}) => ({
    place: place.spec,
    keyPrefix: 'p',
    config: { eventKeyJmesPath: 'id', ...config },
    result: 'by old code',
  });

  test('old code replays what new code did, in the form that it writes itself', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, { ...both, validation: 'amount' });
    const result = { text: 'ü', n: 1.5, list: [null, { x: true }] };
    fn.mockResolvedValue({ ...result, none: undefined });
    await once({ id: 'a', amount: 1 });
    const spec = specOf(place, { payloadValidationJmesPath: 'amount' });
    expect(await old.ask({ spec, event: { id: 'a', amount: 1 } })).toEqual({ result, ran: false });
    expect(await old.ask({ spec, event: { id: 'a', amount: 2 } })).toEqual({
      mismatch: true,
      ran: false,
    });
    expect(JSON.stringify(await place.content())).not.toContain('twiceproof');
  });

  test('old code is told that new code executes, and may execute what failed there', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, both);
    const running = Promise.withResolvers<unknown>();
    fn.mockReturnValue(running.promise);
    const answered = once({ id: 'a' });
    await vi.waitFor(() => expect(fn).toHaveBeenCalled(), 20_000);
    const request = { spec: specOf(place), event: { id: 'a' } };
    expect(await old.ask(request)).toEqual({ inProgress: true, ran: false });
    running.reject(new Error('no'));
    await expect(answered).rejects.toThrow('no');
    // There it is left as a table's items are, to be taken over; in Redis that would lock it for ten seconds.
    expect(await place.content()).toHaveLength(kind === 'Redis' ? 0 : 1);
    expect(await old.ask(request)).toEqual({ result: 'by old code', ran: true });
    expect(await once({ id: 'a' })).toBe('by old code');
    expect(fn).toHaveBeenCalledTimes(1);
  });

  test('a lease that is renewed keeps old code off', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, both, { lease: 3_000 });
    const running = Promise.withResolvers<unknown>();
    fn.mockReturnValue(running.promise);
    const answered = once({ id: 'a' });
    const begun = Date.now();
    await vi.waitFor(() => expect(fn).toHaveBeenCalled(), 20_000);
    const request = { spec: specOf(place), event: { id: 'a' } };
    while (Date.now() < begun + 5_000) {
      expect(await old.ask(request)).toEqual({ inProgress: true, ran: false });
    }
    running.resolve('by new code');
    expect(await answered).toBe('by new code');
    expect(await old.ask(request)).toEqual({ result: 'by new code', ran: false });
  });

  test('work that outlasts expiresAfterSeconds is not taken for expired', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, { ...both, expiresAfterSeconds: 1 }, { lease: 3_000 });
    const running = Promise.withResolvers<unknown>();
    fn.mockReturnValue(running.promise);
    const answered = once({ id: 'a' });
    const begun = Date.now();
    await vi.waitFor(() => expect(fn).toHaveBeenCalled(), 20_000);
    const request = { spec: specOf(place), event: { id: 'a' } };
    while (Date.now() < begun + 5_000) {
      expect(await old.ask(request)).toEqual({ inProgress: true, ran: false });
    }
    running.resolve('by new code');
    expect(await answered).toBe('by new code');
  });

  test('a claim that the place has lost is no reason not to record the result', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, both, { lease: 60_000 });
    fn.mockImplementation(async () => {
      await place.clear();
      return 'by new code';
    });
    expect(await once({ id: 'a' })).toBe('by new code');
    const request = { spec: specOf(place), event: { id: 'a' } };
    expect(await old.ask(request)).toEqual({ result: 'by new code', ran: false });
  });

  test('what fails again and again is executed each time', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, both);
    fn.mockRejectedValue(new Error('no'));
    for (let call = 1; call <= 4; call++) {
      // On Redis, a claim that was given up is gone within a millisecond.
      await vi.waitFor(async () => {
        await once({ id: 'a' }).catch(() => {});
        expect(fn).toHaveBeenCalledTimes(call);
      }, 20_000);
    }
  });

  test('what old code took over is not overwritten, and counts for the next call', async () => {
    const place = await places.open(kind);
    const { once, fn } = newCode(place, both, { lease: 300, heartbeat: false });
    const running = Promise.withResolvers<unknown>();
    fn.mockReturnValue(running.promise);
    const answered = once.settled({ id: 'a' });
    await vi.waitFor(() => expect(fn).toHaveBeenCalled(), 20_000);
    const request = { spec: specOf(place), event: { id: 'a' } };
    await vi.waitFor(
      async () => expect(await old.ask(request)).toEqual({ result: 'by old code', ran: true }),
      { timeout: 20_000 },
    );
    running.resolve('too late');
    expect(await answered).toMatchObject({ outcome: 'lease_lost' });
    expect(await once({ id: 'a' })).toBe('by old code');
  });
});

test('old records that cannot be asked for are STORE_UNAVAILABLE, and nothing is executed', async () => {
  const place = await places.open('DynamoDB');
  const { client } = place.old.dynamodb!;
  const dynamodb = { client, table: 'no-such-table' };
  const { fn, once } = newCode({ ...place, old: { dynamodb } });
  expect(await once.settled({ id: 'a' })).toMatchObject({
    outcome: 'store_error',
    error: { code: 'STORE_UNAVAILABLE' },
  });
  expect(fn).not.toHaveBeenCalled();
});

test('attributes may have other names, and a result too large for the table is left out', async () => {
  const place = await places.open('DynamoDB');
  const dynamodb = {
    ...place.old.dynamodb!,
    statusAttr: 's',
    expiryAttr: 'e',
    inProgressExpiryAttr: 'i',
    dataAttr: 'd',
    validationKeyAttr: 'v',
  };
  const { client, table: TableName } = dynamodb;
  const Item = { id: { S: idOf('a') }, s: { S: 'COMPLETED' }, e: { N: String(soon()) } };
  await client.send(new PutItemCommand({ TableName, Item: { ...Item, d: { S: 'old' } } }) as never);
  const { fn, once } = newCode({ ...place, old: { dynamodb } }, { alongside: true });
  expect(await once({ id: 'a' })).toBe('old');
  fn.mockResolvedValue('x'.repeat(500_000));
  expect(await once({ id: 'b' })).toHaveLength(500_000);
  const Key = { id: { S: idOf('b') } };
  const found = await client.send(new GetItemCommand({ TableName, Key }) as never);
  expect(found).toMatchObject({ Item: { s: { S: 'COMPLETED' } } });
  expect((found as { Item: object }).Item).not.toHaveProperty('d');
});

test("records that are said to be another operation's are refused, not overlooked", async () => {
  const place = await places.open('DynamoDB');
  const { fn, once } = newCode(place, { keyPrefix: undefined, belongsTo: 'ship' });
  expect(await once.settled({ id: 'a' })).toMatchObject({
    error: { code: 'OPTIONS_INVALID', message: expect.stringContaining("give 'charge'") },
  });
  expect(fn).not.toHaveBeenCalled();
});

describe('options', () => {
  const client = { send: async () => ({}) };
  const good = { dynamodb: { client, table: 't' }, language: 'python', function: 'app.f' };
  test.each([
    [{}, 'either dynamodb'],
    [{ ...good, redis: { client: {} } }, 'either dynamodb'],
    [{ ...good, dynamodb: { client } }, '{ client, table }'],
    [{ ...good, dynamodb: { client, table: 't', sortKeyAttr: 'id' } }, 'are the same'],
    [{ ...good, language: 'java' }, 'language'],
    [{ ...good, function: undefined }, 'function is missing'],
    [{ ...good, hashFunction: 'md6' }, 'hashFunction'],
    [{ ...good, key: 5 }, 'key is neither'],
    [{ ...good, alongside: 1 }, 'alongside'],
    [{ ...good, expiresAfterSeconds: 0 }, 'expiresAfterSeconds'],
    [{ ...good, belongsTo: 'charge' }, 'belongsTo is for TypeScript'],
    [{ ...good, language: 'typescript' }, 'belongsTo is missing'],
    [{ ...good, tableName: 't' }, "no option 'tableName'"],
  ])('%j are refused', (options, message) => {
    expect(() => powertools(options as never)).toThrow(message);
  });
});
