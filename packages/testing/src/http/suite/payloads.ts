import assert from 'node:assert/strict';
import type { CaseRequest, HttpContext } from '../http-context.ts';
import { assertNothingLeft, assertProblem } from './expectations.ts';
import { type HttpSpec, httpSpecs } from './http-spec.ts';

type Body = (context: HttpContext) => Promise<void>;

const same = (one: CaseRequest, other: CaseRequest): Body => {
  return async (context) => {
    const first = await context.send(one);
    assert.equal(first.status, 201, first.body.toString());
    const again = await context.send(other);
    assert.equal(again.header('idempotent-replayed'), 'true', again.body.toString());
    assert.deepEqual(again.body, first.body);
    assert.equal(await context.runs(), 1);
  };
};

const different = (one: CaseRequest, other: CaseRequest): Body => {
  return async (context) => {
    const first = await context.send(one);
    assert.equal(first.status, 201, first.body.toString());
    assertProblem(await context.send(other), 422, 'payload-mismatch');
    const again = await context.send(one);
    assert.equal(again.header('idempotent-replayed'), 'true', 'the record is as it was');
    assert.equal(await context.runs(), 1);
  };
};

const typed = (type: string, text: string | Uint8Array): CaseRequest => ({
  headers: { 'content-type': type },
  body: Buffer.from(text),
});
const json = (text: string): CaseRequest => typed('application/json', text);
const form = (text: string): CaseRequest => typed('application/x-www-form-urlencoded', text);
const multipart = (boundary: string, file: string): CaseRequest =>
  typed(
    `multipart/form-data; boundary=${boundary}`,
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="amount"',
      '',
      '10',
      `--${boundary}`,
      'Content-Disposition: form-data; name="receipt"; filename="receipt.txt"',
      'Content-Type: text/plain',
      '',
      file,
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );

export const payloadSpecs: readonly HttpSpec[] = [
  ...httpSpecs('payloads', {
    'another value is another payload': different(json('{"amount":10}'), json('{"amount":11}')),
    'another type is another payload': different(json('{"amount":10}'), json('{"amount":"10"}')),
    'a member more is another payload': different(json('{"a":1}'), json('{"a":1,"b":null}')),
    'no body is another payload': different(json('{"amount":10}'), { body: null }),
    'another order in a list is another payload': different(json('[1,2]'), json('[2,1]')),
    'another query is another payload': different(
      { path: '/charges?a=1' },
      { path: '/charges?a=2' },
    ),
    'the order of members does not matter': same(json('{"a":1,"b":2}'), json('{"b":2,"a":1}')),
    'white space in JSON does not matter': same(json('{"a":[1,2]}'), json('{ "a" : [ 1, 2 ] }')),
    'the order of the query does not matter': same(
      { path: '/charges?a=1&b=2' },
      { path: '/charges?b=2&a=1' },
    ),
    'text counts byte for byte': different(typed('text/plain', 'one'), typed('text/plain', 'two')),
    'the same text is the same': same(typed('text/plain', 'one'), typed('text/plain', 'one')),
    'bytes that are no text count': different(
      typed('application/octet-stream', Uint8Array.of(0, 255)),
      typed('application/octet-stream', Uint8Array.of(0, 254)),
    ),
    'a form is the same in another order of fields': same(form('a=1&b=2'), form('b=2&a=1')),
    'another field of a form counts': different(form('a=1&b=2'), form('a=1&b=3')),
    'a multipart body is the same with another boundary': same(
      multipart('one', 'bread'),
      multipart('two', 'bread'),
    ),
    'another file counts': different(multipart('one', 'bread'), multipart('one', 'milk')),
    'while the first runs, another payload is refused as well': async (context) => {
      const first = context.send({ scenario: 'hold' });
      await context.runs(1);
      const other = await context.send({ scenario: 'hold', body: { amount: 11 } });
      assertProblem(other, 422, 'payload-mismatch');
      await context.release();
      assert.equal((await first).status, 201);
      assert.equal(await context.runs(), 1);
    },
    'the handler gets the body as it was sent': async (context) => {
      const body = Buffer.from('{"text":"gr\u00fc\u00df dich"}');
      const answer = await context.send({
        body,
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(answer.json().bytes, body.byteLength);
    },
    'a body in pieces is the same as in one': async (context) => {
      const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(20_000) }));
      const pieces = [0, 1, 2, 3].map((part) => body.subarray(part * 5_100, (part + 1) * 5_100));
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      const first = await context.send({ pieces, headers });
      assert.equal(first.status, 201, first.body.toString());
      assert.equal(first.json().bytes, body.byteLength);
      const again = await context.send({ body, headers: { 'content-type': 'application/json' } });
      assert.equal(again.header('idempotent-replayed'), 'true', again.body.toString());
    },
    'an empty body in no pieces is a body': async (context) => {
      const headers = { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' };
      const first = await context.send({ pieces: [], headers });
      assert.equal(first.status, 201, first.body.toString());
      assert.equal(first.json().bytes, 0);
      const again = await context.send({ pieces: [], headers });
      assert.equal(again.header('idempotent-replayed'), 'true', again.body.toString());
    },
  }),
  ...httpSpecs('limits', {
    'a body of half of the limit is taken': same(
      typed('application/octet-stream', Buffer.alloc(512 * 1024, 7)),
      typed('application/octet-stream', Buffer.alloc(512 * 1024, 7)),
    ),
    'a body beyond the limit is refused': async (context) => {
      const body = Buffer.alloc(1024 * 1024 + 1);
      const headers = { 'content-type': 'application/octet-stream' };
      assert.equal((await context.send({ body, headers })).status, 413);
      await assertNothingLeft(context);
    },
    'a body beyond the limit that does not say so is refused': async (context) => {
      const pieces = Array.from({ length: 20 }, () => Buffer.alloc(64 * 1024));
      const headers = {
        'content-type': 'application/octet-stream',
        'transfer-encoding': 'chunked',
      };
      assert.equal((await context.send({ pieces, headers })).status, 413);
      await assertNothingLeft(context);
    },
    'an answer beyond the limit is passed on and not kept': async (context) => {
      const request = { path: '/limited', scenario: 'large:20000' };
      const first = await context.send(request);
      assert.equal(first.status, 200, first.body.toString());
      assert.equal(first.body.byteLength, 20_000);
      assertProblem(await context.send(request), 409, 'result-omitted');
      assert.equal(await context.runs(), 1);
    },
    'an answer in pieces beyond the limit is passed on and not kept': async (context) => {
      const request = { path: '/limited', scenario: 'stream:30' };
      const first = await context.send(request);
      assert.equal(first.body.byteLength, 30_000);
      const again = await context.send(request);
      assertProblem(again, 409, 'result-omitted');
      assert.equal(again.header('retry-after'), undefined);
      assert.equal(await context.runs(), 1);
    },
    'an answer within the limit is kept': async (context) => {
      const request = { path: '/limited', scenario: 'large:4096' };
      const first = await context.send(request);
      const again = await context.send(request);
      assert.equal(again.header('idempotent-replayed'), 'true');
      assert.deepEqual(again.body, first.body);
    },
  }),
];
