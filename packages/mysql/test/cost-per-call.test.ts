import type { Socket } from 'node:net';
import type { Claim } from '@twiceproof/core';
import { promisesOfCall } from '@twiceproof/counting';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { done } from './endings.ts';
import { endPools, newStore } from './new-store.ts';

endPools();

const calls = 50;

/** What a call costs on the average, one after the other, in counts, which no load of the machine changes. */
interface Cost {
  readonly promises: number;
  readonly sent: number;
  readonly received: number;
}

async function costOf(client: Pool, act: (at: number) => Promise<unknown>): Promise<Cost> {
  const connection = await client.getConnection();
  const { stream } = connection.connection as unknown as { readonly stream: Socket };
  connection.release();
  const [sent, received] = [stream.bytesWritten, stream.bytesRead];
  return {
    promises: await promisesOfCall(calls, act),
    sent: (stream.bytesWritten - sent) / calls,
    received: (stream.bytesRead - received) / calls,
  };
}

test('a call makes few promises more than its statements by hand, and little on the wire', async () => {
  const { store, client, table } = await newStore({ connectionLimit: 1 });
  const claims = Array.from({ length: calls }, () => newClaim());
  const claim = (at: number) => store.acquire(claims[at]!);
  const settle = (at: number) => {
    const { id, token } = claims[at] as Claim;
    return store.complete(id, token, done);
  };
  const replay = (at: number) => store.acquire(rivalOf(claims[at]!));
  const { promises: byHand } = await costOf(client, async () => {
    const connection = await client.getConnection();
    await connection.execute(`SELECT seq FROM ${table} WHERE id = ?`, ['']);
    connection.release();
  });
  // What is sent from here on was prepared before.
  const warm = newClaim();
  await store.acquire(warm);
  await store.complete(warm.id, warm.token, done);
  const claimed = await costOf(client, claim);
  const settled = await costOf(client, settle);
  const replayed = await costOf(client, replay);
  // Two statements, two statements and one.
  expect(claimed.promises - 2 * byHand).toBeLessThanOrEqual(18);
  expect(settled.promises - 2 * byHand).toBeLessThanOrEqual(22);
  expect(replayed.promises - byHand).toBeLessThanOrEqual(18);
  // An id of fifty bytes and a token of 36 among them; what is received names its columns each time.
  expect(claimed.sent).toBeLessThan(520);
  expect(settled.sent).toBeLessThan(500);
  expect(replayed.sent).toBeLessThan(90);
  expect(claimed.received).toBeLessThan(500);
  expect(settled.received).toBeLessThan(880);
  expect(replayed.received).toBeLessThan(860);
});
