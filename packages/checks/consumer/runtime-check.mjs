import { createIdempotency, currentExecution, isIdempotencyError } from '@twiceproof/core';
import { idempotencyKey } from '@twiceproof/http';
import { memoryStore } from '@twiceproof/memory';

function same(actual, expected, what) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(actual)} and not ${JSON.stringify(expected)}`);
  }
}

/** Replays, refuses, keeps what is large, ends, and answers requests that are sent again. */
export async function check() {
  const key = { id: 'k', secret: btoa('0123456789abcdef0123456789abcdef') };
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const charged = [];
  const charge = idempotency.wrap(
    async (payment) => {
      charged.push(currentExecution().downstreamKey.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return {
        id: payment.id,
        at: new Date(0),
        text: 'a'.repeat(10_000),
        bytes: new Uint8Array([1, 2]),
      };
    },
    {
      operation: 'charge',
      key: (payment) => payment.id,
      inProgress: 'wait',
      compress: true,
      encrypt: { keys: { k: key.secret }, current: 'k' },
    },
  );
  const answers = await Promise.all(['a', 'a', 'b'].map((id) => charge({ id })));
  same(
    answers.map(({ id }) => id),
    ['a', 'a', 'b'],
    'answers',
  );
  same(charged, [43, 43], 'charged');
  const again = await charge({ id: 'a' });
  same(
    [again.at instanceof Date, again.text.length, again.bytes instanceof Uint8Array],
    [true, 10_000, true],
    'types',
  );
  const missing = await charge({ id: null }).catch((error) => error);
  same(isIdempotencyError(missing, 'KEY_MISSING'), true, 'missing key');

  const fulfil = idempotency.workflow(
    async (order, step) => [await step('a', () => order.id), await step('b', async () => 2)],
    { operation: 'fulfil', key: (order) => order.id },
  );
  same(await fulfil({ id: 1 }), [1, 2], 'workflow');

  // What operators do is in a part that is imported on demand.
  const { records } = await idempotency.records.list({ operation: 'charge' });
  same(records.length, 2, 'records');
  same(await idempotency.records.delete(records[0].id), true, 'deleted');
  const refused = await idempotency.records.list({ status: 'none' }).catch((error) => error);
  same(isIdempotencyError(refused, 'OPTIONS_INVALID'), true, 'one error class');

  let created = 0;
  const POST = idempotencyKey(
    { idempotency, operation: 'create', scope: 'public' },
    async (request) => {
      created += 1;
      return Response.json({ created, got: await request.json() }, { status: 201 });
    },
  );
  const send = () =>
    POST(
      new Request('http://localhost/', {
        method: 'POST',
        body: '{"a":1}',
        headers: { 'idempotency-key': '"k-1"', 'content-type': 'application/json' },
      }),
    );
  const first = await send();
  const second = await send();
  same([first.status, await first.json()], [201, { created: 1, got: { a: 1 } }], 'first');
  same([second.status, await second.json()], [201, { created: 1, got: { a: 1 } }], 'second');
  same(second.headers.get('idempotent-replayed'), 'true', 'replayed');
  await idempotency.close();
  return 'fine';
}
