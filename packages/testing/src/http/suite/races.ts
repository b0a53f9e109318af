import assert from 'node:assert/strict';
import { once } from 'node:events';
import { assertProblem, assertReplayed } from './expectations.ts';
import { type HttpSpec, httpSpecs } from './http-spec.ts';

export const raceSpecs: readonly HttpSpec[] = [
  ...httpSpecs('in progress', {
    'a second request is told to come again': async (context) => {
      const first = context.send({ scenario: 'hold' });
      await context.runs(1);
      const second = await context.send({ scenario: 'hold' });
      assertProblem(second, 409, 'in-progress');
      assert.match(second.header('retry-after') ?? '', /^[1-9]\d*$/);
      await context.release();
      assertReplayed(await context.send({ scenario: 'hold' }), await first);
      assert.equal(await context.runs(), 1);
    },
    'a second request waits where it is told to': async (context) => {
      const request = { path: '/waiting', scenario: 'hold' };
      const first = context.send(request);
      await context.runs(1);
      const second = context.send(request);
      await context.release();
      assertReplayed(await second, await first);
      assert.equal(await context.runs(), 1);
    },
    'of 50 requests at once one runs': async (context) => {
      const all = Array.from({ length: 50 }, () => context.send({ scenario: 'hold' }));
      await context.runs(1);
      // Those that came before the end are refused, the others get the recorded answer.
      await Promise.race(all);
      await context.release();
      const answers = await Promise.all(all);
      const first = answers.filter((each) => each.status === 201);
      assert.ok(first.length >= 1);
      assert.equal(first.filter((each) => !each.header('idempotent-replayed')).length, 1);
      for (const answer of answers.filter((each) => each.status !== 201)) {
        assertProblem(answer, 409, 'in-progress');
        assert.ok(answer.header('retry-after'));
      }
      assert.equal(await context.runs(), 1);
    },
    'of 30 requests that wait one runs': async (context) => {
      const request = { path: '/waiting', scenario: 'hold' };
      const all = Array.from({ length: 30 }, () => context.send(request));
      await context.runs(1);
      await context.release();
      const answers = await Promise.all(all);
      const replayed = answers.filter((each) => each.header('idempotent-replayed') === 'true');
      assert.equal(replayed.length, 29);
      for (const answer of answers) assert.deepEqual(answer.body, answers[0]!.body);
      assert.equal(await context.runs(), 1);
    },
    'a handler that fails lets the next one in': async (context) => {
      const first = context.send({ scenario: 'hold-then-throw' });
      await context.runs(1);
      assertProblem(await context.send({ scenario: 'hold-then-throw' }), 409, 'in-progress');
      await context.release();
      assert.equal((await first).status, 500);
      assert.equal((await context.send()).status, 201);
      assert.equal(await context.runs(), 2);
    },
  }),
  ...httpSpecs('hanging up', {
    'the answer is there for whoever asks again': async (context) => {
      const begun = context.begin({ scenario: 'hold' });
      await context.runs(1);
      begun.hangUp();
      await context.release();
      const again = await context.send({ path: '/charges', scenario: 'hold' });
      const answer = again.status === 409 ? await untilDone(context) : again;
      assert.equal(answer.status, 201);
      assert.equal(answer.header('idempotent-replayed'), 'true');
      assert.equal(answer.json().run, 1);
      assert.equal(await context.runs(), 1);
    },
    'in the middle of a long answer, its rest is recorded': async (context) => {
      const begun = context.begin({ scenario: 'events' });
      const response = await begun.response;
      await once(response, 'data');
      begun.hangUp();
      response.on('error', () => {});
      await context.release();
      const answer = await untilDone(context, 'events');
      assert.equal(answer.body.toString(), 'data: first of 1\n\ndata: last\n\n');
      assert.equal(await context.runs(), 1);
    },
    'in the middle of an upload, nothing is left': async (context) => {
      const begun = context.begin({
        pieces: [Buffer.from('{"amount":')],
        headers: { 'content-type': 'application/json', 'content-length': '1000' },
      });
      begun.hangUp();
      await assert.rejects(begun.response);
      assert.equal((await context.send()).status, 201);
      assert.equal(await context.runs(), 1);
    },
  }),
  ...httpSpecs('streams', {
    'events arrive while the handler still runs': async (context) => {
      const begun = context.begin({ scenario: 'events' });
      const chunks = (await begun.response)[Symbol.asyncIterator]();
      const first = await chunks.next();
      assert.equal(first.value.toString(), 'data: first of 1\n\n');
      assertProblem(await context.send({ scenario: 'events' }), 409, 'in-progress');
      await context.release();
      const last = await chunks.next();
      assert.equal(last.value.toString(), 'data: last\n\n');
      assert.equal((await chunks.next()).done, true);
      // The end had to wait for the record.
      const again = await context.send({ scenario: 'events' });
      assert.equal(again.header('idempotent-replayed'), 'true');
      assert.equal(again.body.toString(), 'data: first of 1\n\ndata: last\n\n');
      assert.equal(await context.runs(), 1);
    },
  }),
];

/** Asks again, as a client does, until it gets the recorded answer. */
async function untilDone(
  context: Parameters<HttpSpec['run']>[0],
  scenario = 'hold',
): Promise<Awaited<ReturnType<typeof context.send>>> {
  for (;;) {
    const answer = await context.send({ scenario });
    if (answer.status !== 409) return answer;
    await new Promise(setImmediate);
  }
}
