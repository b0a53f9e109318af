import assert from 'node:assert/strict';
import { sendRaw } from '../client.ts';
import type { HttpContext } from '../http-context.ts';
import { assertNothingLeft, assertProblem } from './expectations.ts';
import { type HttpSpec, httpSpecs } from './http-spec.ts';

type Body = (context: HttpContext) => Promise<void>;

const untouched = (method: string): Body => {
  return async (context) => {
    for (const run of [1, 2]) {
      const answer = await context.send({ method });
      assert.equal(answer.status, 201);
      for (const name of ['idempotency-key', 'idempotency-expires', 'idempotent-replayed']) {
        assert.equal(answer.header(name), undefined, name);
      }
      assert.equal(await context.runs(), run);
    }
  };
};

const refusesRaw = (head: (context: HttpContext) => string): Body => {
  return async (context) => {
    const received = await sendRaw(context.url, head(context), (text) =>
      /^HTTP\/1.1 \d/.test(text),
    );
    assert.match(received, /^HTTP\/1\.1 4\d\d /);
    await assertNothingLeft(context);
  };
};

const rawHead = (context: HttpContext, extra: string): string => {
  const { headers } = context.prepare({ key: null, body: null });
  const kept = headers.filter(([name]) => !/^content-/.test(name));
  const lines = kept.map(([name, value]) => `${name}: ${value}`);
  return [`POST /charges HTTP/1.1`, `Host: ${context.url.host}`, ...lines, extra, '', ''].join(
    '\r\n',
  );
};

export const boundarySpecs: readonly HttpSpec[] = [
  ...httpSpecs('scopes', {
    'two principals with one key never meet': async (context) => {
      const mine = await context.send({ principal: `${context.key}-ada` });
      const theirs = await context.send({ principal: `${context.key}-bob` });
      assert.equal(theirs.status, 201);
      assert.equal(theirs.header('idempotent-replayed'), undefined);
      assert.notDeepEqual(theirs.body, mine.body);
      assert.equal(await context.runs(), 2);
    },
    'another payload of another principal is no mismatch': async (context) => {
      await context.send({ principal: `${context.key}-ada` });
      const theirs = await context.send({ principal: `${context.key}-bob`, body: { amount: 11 } });
      assert.equal(theirs.status, 201);
    },
    'a request of nobody is a fault, and nothing runs': async (context) => {
      const answer = await context.send({ principal: null });
      assert.equal(answer.status, 500);
      await assertNothingLeft(context);
    },
  }),
  ...httpSpecs('methods', {
    'PUT passes untouched': untouched('PUT'),
    'DELETE passes untouched': untouched('DELETE'),
    'GET passes untouched': untouched('GET'),
    'HEAD passes untouched': async (context) => {
      const answer = await context.send({ method: 'HEAD' });
      assert.equal(answer.header('idempotency-key'), undefined);
      assert.equal(answer.body.byteLength, 0);
    },
  }),
  ...httpSpecs('optional', {
    'without a key the handler runs each time': async (context) => {
      for (const run of [1, 2]) {
        const answer = await context.send({ path: '/optional', key: null });
        assert.equal(answer.json().run, run);
        assert.equal(answer.header('idempotency-expires'), undefined);
      }
    },
    'with a key it runs once': async (context) => {
      await context.send({ path: '/optional' });
      const again = await context.send({ path: '/optional' });
      assert.equal(again.header('idempotent-replayed'), 'true');
      assert.equal(await context.runs(), 1);
    },
    'a malformed key is refused all the same': async (context) => {
      assertProblem(await context.send({ path: '/optional', key: '""' }), 400, 'key-invalid');
      assert.equal(await context.runs(), 0);
    },
  }),
  ...httpSpecs('hostile input', {
    'invalid JSON is refused': async (context) => {
      const body = Buffer.from('{"amount":');
      const headers = { 'content-type': 'application/json' };
      assert.equal((await context.send({ body, headers })).status, 400);
      await assertNothingLeft(context);
    },
    'JSON that is no UTF-8 is refused': async (context) => {
      const body = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
      const headers = { 'content-type': 'application/json' };
      const { status } = await context.send({ body, headers });
      // A parser may also have made text of it.
      assert.ok(status === 400 || status === 201, String(status));
    },
    'JSON of great depth does no harm': async (context) => {
      const body = Buffer.from('['.repeat(2_000) + ']'.repeat(2_000));
      const headers = { 'content-type': 'application/json' };
      const { status } = await context.send({ body, headers });
      assert.ok(status < 500, String(status));
      assert.equal((await context.send({ key: `"${context.key}-other"` })).status, 201);
    },
    'JSON with the names of prototypes does no harm': async (context) => {
      const body = Buffer.from('{"__proto__":{"admin":true},"constructor":1}');
      const headers = { 'content-type': 'application/json' };
      assert.ok((await context.send({ body, headers })).status < 500);
      assert.equal('admin' in {}, false);
    },
    'a content type that is none does no harm': async (context) => {
      const headers = { 'content-type': ';;;=' };
      const { status } = await context.send({ body: Buffer.from('x'), headers });
      assert.ok(status < 500, String(status));
    },
    'a multipart body without its boundary does no harm': async (context) => {
      const headers = { 'content-type': 'multipart/form-data' };
      const { status } = await context.send({ body: Buffer.from('x'), headers });
      assert.ok(status < 500, String(status));
    },
    'a key of 1 MiB is refused': refusesRaw((context) =>
      rawHead(context, `Idempotency-Key: ${'x'.repeat(1024 * 1024)}\r\nContent-Length: 0`),
    ),
    'a line break in a key adds no header': async (context) => {
      const injected = `Idempotency-Key: "${context.key}"\r\n x-injected: 1\r\nContent-Length: 0`;
      const received = await sendRaw(context.url, rawHead(context, injected), (text) =>
        /^HTTP\/1.1 \d/.test(text),
      );
      assert.match(received, /^HTTP\/1\.1 4\d\d /);
      assert.doesNotMatch(received, /^x-injected/im);
      assert.equal(await context.runs(), 0);
    },
    'a bare carriage return in a key is refused': refusesRaw((context) =>
      rawHead(context, `Idempotency-Key: ${context.key}\rx: 1\r\nContent-Length: 0`),
    ),
    'a NUL in a key is refused': refusesRaw((context) =>
      rawHead(context, `Idempotency-Key: ${context.key}\0\r\nContent-Length: 0`),
    ),
    'a content length that is no number is refused': refusesRaw((context) =>
      rawHead(context, `Idempotency-Key: ${context.key}\r\nContent-Length: ten`),
    ),
    'two content lengths are refused': refusesRaw((context) =>
      rawHead(context, `Idempotency-Key: ${context.key}\r\nContent-Length: 2\r\nContent-Length: 3`),
    ),
    'a content length that is too short is refused': async (context) => {
      const extra = `Idempotency-Key: ${context.key}\r\nContent-Type: application/json\r\nContent-Length: 9`;
      const text = `${rawHead(context, extra)}{"amount":10}`;
      const received = await sendRaw(context.url, text, (all) => / 400 /.test(all));
      assert.match(received, /HTTP\/1\.1 400 /);
      assert.equal(await context.runs(), 0);
    },
    'a content length that is too long leaves nothing': async (context) => {
      const body = Buffer.from('{"amount":10}');
      const headers = { 'content-type': 'application/json', 'content-length': '1000' };
      const begun = context.begin({ pieces: [body], headers });
      begun.hangUp();
      await assert.rejects(begun.response);
      await assertNothingLeft(context);
    },
  }),
];
