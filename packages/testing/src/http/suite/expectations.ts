import assert from 'node:assert/strict';
import type { Answered } from '../client.ts';

/** That an answer is a problem of the layer, as RFC 9457 has it. */
export function assertProblem(answer: Answered, status: number, name: string): void {
  const text = answer.body.toString();
  assert.equal(answer.status, status, text);
  assert.match(answer.header('content-type') ?? '', /^application\/problem\+json/);
  const problem = answer.json();
  assert.equal(problem.type, `urn:twiceproof:problem:${name}`);
  assert.equal(problem.status, status);
  assert.equal(typeof problem.title, 'string');
  assert.equal(typeof problem.detail, 'string');
  assert.equal(answer.header('idempotent-replayed'), undefined);
}

/** That the second answer is the first one, from the record. */
export function assertReplayed(again: Answered, first: Answered): void {
  assert.equal(first.header('idempotent-replayed'), undefined);
  assert.equal(again.status, first.status, again.body.toString());
  assert.equal(again.header('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, first.body);
  for (const name of ['content-type', 'content-encoding', 'location', 'etag']) {
    assert.equal(again.header(name), first.header(name), name);
  }
  for (const name of ['idempotency-key', 'idempotency-expires']) {
    assert.equal(again.header(name), first.header(name), name);
  }
}

/** That it is refused without a record: the same key is good for a request that is in order. */
export async function assertNothingLeft(context: {
  send(): Promise<Answered>;
  runs(): Promise<number>;
}): Promise<void> {
  assert.equal(await context.runs(), 0);
  const answer = await context.send();
  assert.equal(answer.status, 201, answer.body.toString());
  assert.equal(answer.header('idempotent-replayed'), undefined);
  assert.equal(await context.runs(), 1);
}
