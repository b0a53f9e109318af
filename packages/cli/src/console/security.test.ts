import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { send, signIn, tokenOf } from '../../test/console-client.ts';
import { served } from '../../test/served-console.ts';

const json = { 'content-type': 'application/json' };

test('the page is answered to every browser of this machine, and forbids whatever it does not need', async () => {
  const { running } = await served();
  const { status, headers, text } = await send(running, { path: '/' });
  expect({ status, text }).toEqual({ status: 200, text: '<!doctype html>the page' });
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  const policy = headers['content-security-policy'];
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toContain('unsafe');
});

test('it listens to this machine alone', async () => {
  const { running } = await served();
  expect(running.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('the token of a link is no part of what a browser sends to ask for the page', async () => {
  const { running } = await served();
  const link = new URL(running.link());
  expect(link.pathname + link.search).toBe('/');
  expect(tokenOf(link.href)).toMatch(/^[\w-]{43}$/);
});

test('a link signs in once', async () => {
  const { running, audited } = await served();
  const ask = {
    method: 'POST',
    path: '/api/session',
    headers: { ...json, origin: running.address },
    body: JSON.stringify({ token: tokenOf(running.link()) }),
  };
  const first = await send(running, ask);
  expect(first.status).toBe(200);
  expect(String(first.headers['set-cookie'])).toMatch(
    /^twiceproof_console_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const again = await send(running, ask);
  expect(again).toMatchObject({ status: 401, body: { code: 'LINK_USED' } });
  expect(again.headers['set-cookie']).toBeUndefined();
  expect(again.body.message).toContain('Press Enter');
  const wrong = await send(running, { ...ask, body: '{"token":"guessed"}' });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'LINK_USED' } });
  expect(audited.map(({ action, by, outcome }) => [action, by, outcome])).toEqual([
    ['sign-in', 'ada', 'done'],
    ['sign-in', 'unknown', 'refused'],
    ['sign-in', 'unknown', 'refused'],
  ]);
});

test('nothing about records is told without the cookie and the CSRF token', async () => {
  const { running } = await served();
  const client = await signIn(running);
  expect(await client.get('/api/records')).toMatchObject({ status: 200 });
  const { cookie, csrf } = client;
  const incomplete = [
    {},
    { cookie },
    { 'x-twiceproof-csrf': csrf },
    { cookie, 'x-twiceproof-csrf': 'guessed' },
    { cookie: `${cookie}x`, 'x-twiceproof-csrf': csrf },
  ];
  for (const headers of incomplete) {
    for (const path of ['about', 'overview', 'records', 'find', 'record']) {
      const reply = await send(running, { path: `/api/${path}`, headers });
      expect(reply).toMatchObject({ status: 401, body: { code: 'NO_SESSION' } });
    }
  }
});

test('nothing is changed without the CSRF token', async () => {
  const { running, idempotency } = await served();
  await idempotency.execute({ operation: 'charge', key: 'p-1' }, () => 1);
  const { records } = await idempotency.records.list();
  const { id, version } = records[0]!;
  const client = await signIn(running);
  for (const action of ['release', 'complete', 'delete', 'extend', 'result']) {
    const body = { id, version, reason: 'why', value: '1', retention: '7d' };
    const reply = await client.post(`/api/${action}`, body, { 'x-twiceproof-csrf': '' });
    expect(reply).toMatchObject({ status: 401, body: { code: 'NO_SESSION' } });
  }
  expect(await idempotency.records.get(id)).toEqual(records[0]);
});

test('a name that is not its own is refused, whatever is asked for', async () => {
  const { running } = await served({ allowedHosts: ['console.example.com'] });
  const port = new URL(running.address).port;
  const client = await signIn(running);
  const foreign = ['evil.example.com', `evil.example.com:${port}`, 'localhost.evil.com', '@:'];
  for (const host of foreign) {
    for (const path of ['/', '/api/records']) {
      const reply = await client.get(path, { host });
      expect(reply, host).toMatchObject({ status: 403, body: { code: 'HOST_REFUSED' } });
    }
  }
  const own = ['localhost:8080', `127.0.0.1:${port}`, '[::1]:1', 'console.example.com'];
  for (const host of own) {
    expect(await client.get('/api/records', { host }), host).toMatchObject({ status: 200 });
  }
});

test('a request of another page is refused', async () => {
  const { running, idempotency } = await served();
  const client = await signIn(running);
  const port = Number(new URL(running.address).port);
  for (const origin of [
    'https://evil.example.com',
    'null',
    `http://127.0.0.1:${port + 1}`,
    `http://localhost:${port}`,
  ]) {
    const read = await client.get('/api/records', { origin });
    expect(read, origin).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } });
    const change = await client.post('/api/release', {}, { origin });
    expect(change, origin).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } });
    const headers = { ...json, origin };
    const body = JSON.stringify({ token: tokenOf(running.link()) });
    const signing = await send(running, { method: 'POST', path: '/api/session', headers, body });
    expect(signing, origin).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } });
  }
  const site = { 'sec-fetch-site': 'same-site' };
  expect(await client.get('/api/records', site)).toMatchObject({ status: 403 });
  const { cookie, csrf } = client;
  const headers = { ...json, cookie, 'x-twiceproof-csrf': csrf };
  const without = await send(running, { method: 'POST', path: '/api/delete', headers, body: '{}' });
  expect(without).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } });
  expect((await idempotency.records.list()).records).toEqual([]);
});

test('read-only, every change is refused and noted, and results can still be read', async () => {
  const { running, idempotency, audited } = await served({ readOnly: true });
  await idempotency.execute({ operation: 'charge', key: 'p-1' }, () => ({ paid: 1 }));
  const [record] = (await idempotency.records.list()).records;
  const { id, version } = record!;
  const client = await signIn(running);
  for (const action of ['release', 'complete', 'delete', 'extend']) {
    const body = { id, version, reason: 'why', value: '1', retention: '7d' };
    const reply = await client.post(`/api/${action}`, body);
    expect(reply).toMatchObject({ status: 403, body: { code: 'READ_ONLY' } });
    expect(audited.at(-1)).toMatchObject({ action, recordId: id, outcome: 'refused' });
  }
  expect(await idempotency.records.get(id)).toEqual(record);
  expect(await client.post('/api/result', { id })).toMatchObject({ status: 200 });
  expect((await client.get('/api/about')).body).toMatchObject({ readOnly: true });
});

test('a request that is too large is refused before it is read', async () => {
  const { running } = await served();
  const client = await signIn(running);
  const value = JSON.stringify('x'.repeat(1_100_000));
  const reply = await client.post('/api/complete', { id: 'a', version: '1', reason: 'r', value });
  expect(reply).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  expect(await client.get('/api/about')).toMatchObject({ status: 200 });
});

test('a request that is no JSON is refused', async () => {
  const { running } = await served();
  const { cookie, csrf } = await signIn(running);
  const headers = { ...json, cookie, 'x-twiceproof-csrf': csrf, origin: running.address };
  const ask = { method: 'POST', path: '/api/result', headers };
  for (const body of ['', '{', '[]', 'null', '"text"']) {
    const reply = await send(running, { ...ask, body });
    expect(reply, body).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  }
  const form = { ...headers, 'content-type': 'text/plain' };
  expect(await send(running, { ...ask, headers: form, body: '{}' })).toMatchObject({ status: 400 });
});

test('there is nothing at other addresses, and nothing behind the page', async () => {
  const { running } = await served();
  const client = await signIn(running);
  const paths = ['/api', '/api/', '/api/nothing', '/../package.json', '/%2e%2e/package.json', '/a'];
  for (const path of paths) {
    expect(await client.get(path), path).toMatchObject({ status: 404 });
  }
  expect(await client.post('/api/records', {})).toMatchObject({ status: 404 });
  expect(await client.get('/api/delete')).toMatchObject({ status: 404 });
});

test('a fault of the store is told without a stack', async () => {
  const store = memoryStore();
  const list = () => Promise.reject(new Error('connection lost'));
  const { running, faults } = await served({
    idempotency: createIdempotency({ environment: 'prod', store: { ...store, list } }),
  });
  const client = await signIn(running);
  const { body, text } = await client.get('/api/records');
  expect(body).toMatchObject({
    code: 'STORE',
    message: expect.stringContaining('connection lost'),
  });
  expect(text).not.toContain('.ts:');
  expect(faults).toEqual([]);
});

test('of a fault that nobody expected, the page is told only that there was one', async () => {
  const idempotency = createIdempotency({ environment: 'prod', store: memoryStore() });
  const fault = new TypeError('cannot read swordfish');
  const list = () => Promise.reject(fault);
  const { running, faults } = await served({
    idempotency: { ...idempotency, records: { ...idempotency.records, list } },
  });
  const client = await signIn(running);
  const reply = await client.get('/api/records');
  expect(reply).toMatchObject({ status: 500, body: { code: 'FAULT' } });
  expect(reply.text).not.toContain('swordfish');
  expect(faults).toEqual([fault]);
});

test('what is being answered when the console is closed is answered, and nothing after it', async () => {
  const store = memoryStore();
  const answer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const list: typeof store.list = async (query) => {
    asked.resolve();
    await answer.promise;
    return store.list(query);
  };
  const { running } = await served({ store: { ...store, list } });
  const client = await signIn(running);
  const late = client.get('/api/records');
  await asked.promise;
  const closed = running.close();
  answer.resolve();
  expect(await late).toMatchObject({ status: 200 });
  await closed;
  await expect(client.get('/api/about')).rejects.toMatchObject({
    code: expect.stringMatching(/^ECONN/),
  });
});
