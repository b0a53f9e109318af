import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { idempotencyKey, type ProducedResponse } from '../src/index.ts';
import { failing, problemOf, refuse, route, succeed } from './route.ts';

const error = vi.spyOn(console, 'error').mockImplementation(() => {});
afterEach(() => error.mockClear());

describe('the scope', () => {
  test.each([undefined, null, '', '  '])('%j is a 500, and nothing runs', async (scope) => {
    const handler = succeed();
    const { send } = route(handler, { scope: () => scope });
    expect(await problemOf(await send())).toEqual([500, 'scope-missing']);
    expect(handler).not.toHaveBeenCalled();
  });

  test('that names nobody is told of on the server, once, with the option and what to do', async () => {
    const { send } = route(succeed(), { scope: () => undefined });
    await send();
    await send();
    expect(error).toHaveBeenCalledOnce();
    expect(error.mock.calls[0]![0]).toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(
        /^OPTIONS_INVALID: option scope of .+ answered null, undefined/,
      ),
    });
  });

  test('may be found later, and be a number', async () => {
    const { send, idempotency } = route(succeed(), { scope: async () => 17 });
    expect((await send()).status).toBe(201);
    const [record] = (await idempotency.records.list({})).records;
    expect(record!.scope).toBe('17');
  });

  test('that throws is the framework’s', async () => {
    const scope = () => Promise.reject(new Error('not signed in'));
    const { send } = route(succeed(), { scope });
    await expect(send()).rejects.toThrow('not signed in');
  });
});

describe('record', () => {
  test('chooses which responses are recorded', async () => {
    const asked: ProducedResponse[] = [];
    const handler = vi.fn(() => Response.json({ error: 'no' }, { status: 400 }));
    const record = (response: ProducedResponse) => {
      asked.push(response);
      return response.status < 300;
    };
    const { send } = route(handler, { record });
    await send();
    await send();
    expect(handler).toHaveBeenCalledTimes(2);
    expect(asked[0]).toMatchObject({ status: 400, bytes: 14 });
    expect(asked[0]!.headers.get('content-type')).toContain('application/json');
  });

  test('that throws does not free the key of work that is done', async () => {
    const handler = succeed();
    const record = () => {
      throw new Error('a fault');
    };
    const { send } = route(handler, { record });
    expect((await send()).status).toBe(201);
    expect((await send()).headers.get('idempotent-replayed')).toBe('true');
    expect(handler).toHaveBeenCalledOnce();
    expect(error.mock.calls.flat().join()).toContain('record failed');
  });
});

describe('headers', () => {
  const handler = () =>
    new Response('x', { headers: { 'x-charge': '7', link: '</next>', 'set-cookie': 'a=b' } });

  test('that are listed replace the default ones', async () => {
    const { send } = route(handler, { headers: ['X-Charge'] });
    expect((await send()).headers.get('link')).toBe('</next>');
    const again = await send();
    expect(again.headers.get('x-charge')).toBe('7');
    expect(again.headers.get('link')).toBeNull();
    expect(again.headers.get('content-type')).toContain('text/plain');
  });

  test.each(['Set-Cookie', 'connection', 'www-authenticate', 'authorization', 'idempotency-key'])(
    '%s cannot be listed',
    (name) => {
      expect(() => route(handler, { headers: [name] })).toThrow(
        expect.objectContaining({ code: 'OPTIONS_INVALID' }),
      );
    },
  );

  test('say nothing of an end where records are kept for ever', async () => {
    const { send } = route(handler, { retention: false });
    expect((await send()).headers.get('idempotency-expires')).toBeNull();
    expect((await send()).headers.get('idempotency-expires')).toBeNull();
  });

  test('have the key under another name', async () => {
    const { send } = route(handler, { header: 'X-Request-Key' });
    const refused = await send();
    expect(await refused.clone().text()).toContain('in the header X-Request-Key');
    expect(await problemOf(refused)).toEqual([400, 'key-missing']);
    const malformed = await send({ headers: { 'x-request-key': 'my key' } });
    expect(await malformed.text()).toContain('The header X-Request-Key must be sent once');
    const answer = await send({ headers: { 'x-request-key': 'mine' } });
    expect(answer.headers.get('x-request-key')).toBe('mine');
  });
});

describe('an error format of one’s own', () => {
  test('replaces the body; status and Retry-After are kept', async () => {
    const { promise: done, resolve: finish } = Promise.withResolvers<Response>();
    const problem = vi.fn(({ name }: { name: string }) => ({ body: { error: { code: name } } }));
    const { send } = route(() => done, { problem });
    const first = send();
    const conflict = await send();
    expect(conflict.status).toBe(409);
    expect(conflict.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(conflict.headers.get('content-type')).toBe('application/json');
    expect(await conflict.json()).toEqual({ error: { code: 'in-progress' } });
    expect(problem.mock.calls[0]![0]).toMatchObject({
      name: 'in-progress',
      status: 409,
      code: 'IN_PROGRESS',
      title: expect.any(String),
      detail: expect.any(String),
      retryAfterMs: expect.any(Number),
      recordId: expect.stringContaining('test/charge/0/'),
    });
    finish(new Response());
    await first;
  });

  test('may be a Response, with a status and headers of its own', async () => {
    const problem = () => Response.json({ oops: 1 }, { status: 418, headers: { 'x-own': '1' } });
    const { send } = route(succeed(), { problem });
    const response = await send({ headers: { 'idempotency-key': '""' } });
    expect([response.status, response.headers.get('x-own')]).toEqual([418, '1']);
    expect(await response.json()).toEqual({ oops: 1 });
  });

  test('may be a Response that says nothing of a status', async () => {
    const { send } = route(succeed(), { problem: () => Response.json({ oops: 1 }) });
    expect((await send({ headers: { 'idempotency-key': '""' } })).status).toBe(400);
  });

  test('may be text, and have another status', async () => {
    const problem = () => ({
      status: 400,
      headers: { 'Retry-After': '7', 'content-type': 'text/plain' },
      body: 'no',
    });
    const store = failing({ acquire: refuse });
    const { send } = route(succeed(), { problem }, { store, storeTimeout: 50 });
    const response = await send();
    expect([response.status, response.headers.get('retry-after')]).toEqual([400, '7']);
    expect(await response.text()).toBe('no');
  });

  test('that throws is the default answer, and a line in the log', async () => {
    const problem = () => {
      throw new Error('a fault');
    };
    const { send } = route(succeed(), { problem });
    const response = await send({ headers: { 'idempotency-key': '""' } });
    expect(await problemOf(response)).toEqual([400, 'key-invalid']);
    expect(error.mock.calls.flat().join()).toContain('problem failed for key-invalid');
  });
});

describe('a fingerprint of one’s own', () => {
  test('is all that counts, also when it is found later', async () => {
    const fingerprint = async (request: Request) => {
      const { amount } = (await request.clone().json()) as { amount: number };
      return amount;
    };
    const { send } = route(succeed(), { fingerprint });
    await send({ body: '{"amount":10,"at":1}' });
    const again = await send({ body: '{"amount":10,"at":2}' });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await problemOf(await send({ body: '{"amount":11}' }))).toEqual([
      422,
      'payload-mismatch',
    ]);
  });

  test('takes bodies of any size', async () => {
    const handler = async (request: Request) => new Response((await request.text()).slice(0, 2));
    const { send } = route(handler, { fingerprint: () => 'same' });
    expect(await (await send({ body: 'x'.repeat(2_000_000) })).text()).toBe('xx');
  });
});

test('numbers that a double cannot hold are told apart', async () => {
  const { send } = route(succeed());
  await send({ body: '{"id":9007199254740992}' });
  const other = await send({ body: '{"id":9007199254740993}' });
  expect(await problemOf(other)).toEqual([422, 'payload-mismatch']);
  const { send: sendAmount } = route(succeed());
  await sendAmount({ body: '{"amount":0.10000000000000000001}' });
  const same = await sendAmount({ body: '{"amount":0.10000000000000000002}' });
  expect(same.status).toBe(422);
});

test('a run of its own is another record of the same key', async () => {
  const handler = succeed();
  const run = (request: Request) => Number(request.headers.get('x-run') ?? 0);
  const { send } = route(handler, { run });
  await send();
  await send({ headers: { 'x-run': '1' } });
  await send({ headers: { 'x-run': '1' } });
  expect(handler).toHaveBeenCalledTimes(2);
});

test('without a name of its own, the operation is the method and the path', async () => {
  const { send, idempotency } = route(succeed(), { operation: undefined });
  await send();
  const [record] = (await idempotency.records.list({})).records;
  expect(record!.operation).toBe('POST /charges');
});

test('a path of any length has an operation', async () => {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const answer = idempotencyKey({ idempotency, scope: 'public' }, succeed());
  const send = (end: string) =>
    answer(
      new Request(`http://localhost/${'ö'.repeat(300)}${end}`, {
        method: 'POST',
        headers: { 'idempotency-key': '1' },
      }),
    );
  expect((await send('a')).status).toBe(201);
  expect((await send('b')).headers.get('idempotent-replayed')).toBeNull();
  expect((await send('a')).headers.get('idempotent-replayed')).toBe('true');
});

test.each([
  ['scope', { scope: undefined }],
  ['scope', { scope: 'ada' }],
  ['idempotency', { idempotency: {} }],
  ['header', { header: 'no name' }],
  ['methods', { methods: [] }],
  ['maxBodyBytes', { maxBodyBytes: 0 }],
  ['maxRequestBytes', { maxRequestBytes: -1 }],
  ['record', { record: true }],
  ['problem', { problem: {} }],
  ['fingerprint', { fingerprint: 'body' }],
  ['key', { key: () => 'x' }],
  ['lease', { lease: 'soon' }],
  ['scopes', { scopes: 'public' }],
  ['required', { required: 'yes' }],
  ['operation', { operation: ' ' }],
])('%s that is wrong is named when the route is made', (name, options) => {
  const wrong = () => route(succeed(), options as never);
  expect(wrong).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  expect(wrong).toThrow(name);
});
