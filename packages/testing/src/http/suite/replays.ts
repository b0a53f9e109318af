import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { CaseRequest, HttpContext } from '../http-context.ts';
import { assertReplayed } from './expectations.ts';
import { type HttpSpec, httpSpecs } from './http-spec.ts';

type Body = (context: HttpContext) => Promise<void>;

const replays = (request: CaseRequest, status: number): Body => {
  return async (context) => {
    const first = await context.send(request);
    assert.equal(first.status, status, first.body.toString());
    assertReplayed(await context.send(request), first);
    assertReplayed(await context.send(request), first);
    assert.equal(await context.runs(), 1);
  };
};

const frees = (scenario: string, status: number): Body => {
  return async (context) => {
    for (const run of [1, 2]) {
      const answer = await context.send({ scenario });
      assert.equal(answer.status, status);
      assert.equal(answer.header('idempotent-replayed'), undefined);
      assert.equal(answer.header('idempotency-expires'), undefined);
      assert.equal(await context.runs(), run);
    }
    const succeeded = await context.send();
    assert.equal(succeeded.status, 201, 'the key is good for another attempt');
    assertReplayed(await context.send(), succeeded);
  };
};

export const replaySpecs: readonly HttpSpec[] = [
  ...httpSpecs('first', {
    'the handler is answered with, its key, and when that expires': async (context) => {
      const first = await context.send();
      assert.equal(first.status, 201);
      assert.deepEqual(first.json().run, 1);
      assert.equal(first.header('location'), '/charges/1');
      assert.equal(first.header('x-internal'), 'not for replays');
      assert.equal(first.header('set-cookie'), 'session=secret, theme=dark');
      assert.equal(first.header('idempotency-key'), `"${context.key}"`);
      assert.equal(first.header('idempotent-replayed'), undefined);
      const expires = first.header('idempotency-expires');
      assert.match(expires ?? '', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
      assert.ok(Date.parse(expires!) > Date.now());
    },
    'PATCH takes a key, too': replays({ method: 'PATCH' }, 201),
  }),
  ...httpSpecs('replays', {
    'JSON comes again byte for byte': replays({}, 201),
    'binary comes again byte for byte': replays({ scenario: 'binary' }, 200),
    'an empty answer comes again': replays({ scenario: 'empty:200' }, 200),
    '204 comes again': replays({ scenario: 'empty:204' }, 204),
    'a redirect comes again': replays({ scenario: 'redirect' }, 303),
    'a compressed answer comes again as it was compressed': async (context) => {
      await replays({ scenario: 'gzip' }, 200)(context);
      const again = await context.send({ scenario: 'gzip' });
      assert.equal(gunzipSync(again.body).toString(), 'run 1');
    },
    'HTML comes again': replays({ scenario: 'type:text/html; charset=utf-8' }, 200),
    'XML comes again': replays({ scenario: 'type:application/xml' }, 200),
    'an image comes again': replays({ scenario: 'type:image/png' }, 200),
    'an answer in pieces comes again': replays({ scenario: 'stream:20' }, 200),
    'an answer of 500,000 bytes comes again': replays({ scenario: 'large:500000' }, 200),
    ...Object.fromEntries(
      [400, 401, 402, 403, 404, 410, 415, 422].map((status) => [
        `${status} is recorded`,
        replays({ scenario: `status:${status}` }, status),
      ]),
    ),
    'cookies and headers that are not listed do not come again': async (context) => {
      await context.send();
      const again = await context.send();
      assert.equal(again.header('set-cookie'), undefined);
      assert.equal(again.header('x-internal'), undefined);
    },
    'over one connection that is kept alive': async (context) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        const first = await context.send({ agent });
        for (let time = 0; time < 20; time += 1) {
          assertReplayed(await context.send({ agent }), first);
        }
      } finally {
        agent.destroy();
      }
      assert.equal(await context.runs(), 1);
    },
  }),
  ...httpSpecs('failures', {
    ...Object.fromEntries(
      [408, 409, 425, 429, 500, 502, 503, 504].map((status) => [
        `${status} frees the key`,
        frees(`status:${status}`, status),
      ]),
    ),
    'a handler that throws frees the key': frees('throw', 500),
    'after a failure another payload is taken': async (context) => {
      await context.send({ scenario: 'throw' });
      assert.equal((await context.send({ scenario: 'throw' })).status, 500);
      assert.equal(await context.runs(), 2);
    },
  }),
];
