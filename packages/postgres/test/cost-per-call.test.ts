import type { Socket } from 'node:net';
import type { Claim } from '@twiceproof/core';
import { promisesUntilAsked } from '@twiceproof/counting';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { done } from './claims.ts';
import { newStore, useDatabases } from './databases.ts';

/** What calls that travel together cost, in counts, which no load of the machine changes. */
const { postgres18 } = useDatabases();
const calls = 64;

interface Cost {
  /** Made until the requests are sent. */
  readonly promises: number;
  readonly sent: number;
  readonly received: number;
}

async function measured() {
  const client = (await postgres18.client()) as Pool;
  const sockets: Socket[] = [];
  client.on('connect', (connection) => {
    sockets.push((connection as unknown as { connection: { stream: Socket } }).connection.stream);
  });
  const { store } = await newStore(postgres18, { client });
  const bytes = (of: 'bytesWritten' | 'bytesRead') =>
    sockets.reduce((sum, socket) => sum + socket[of], 0);
  return {
    store,
    async costOf(claims: readonly Claim[], ask: (claim: Claim) => Promise<unknown>): Promise<Cost> {
      const [sent, received] = [bytes('bytesWritten'), bytes('bytesRead')];
      const { promises, answer: asked } = promisesUntilAsked(() => claims.map(ask));
      await Promise.all(asked);
      return {
        promises: promises / claims.length,
        sent: (bytes('bytesWritten') - sent) / claims.length,
        received: (bytes('bytesRead') - received) / claims.length,
      };
    },
  };
}

/** Of some rounds: in others the pool opens a connection, which is told more. */
function least(costs: readonly Cost[]): Cost {
  const of = (what: keyof Cost) => Math.min(...costs.map((cost) => cost[what]));
  return { promises: of('promises'), sent: of('sent'), received: of('received') };
}

test('a claim, a settlement and a replay make few promises each, and little on the wire', async () => {
  const { store, costOf } = await measured();
  const claims = () => Array.from({ length: calls }, () => newClaim());
  const claim = (mine: Claim) => store.acquire(mine);
  const settle = ({ id, token }: Claim) => store.complete(id, token, done);
  const replay = (mine: Claim) => store.acquire(rivalOf(mine));
  for (let round = 0; round < 3; round++) {
    const warm = claims();
    for (const ask of [claim, settle, replay]) await costOf(warm, ask);
  }
  const costs: [Cost[], Cost[], Cost[]] = [[], [], []];
  for (let round = 0; round < 5; round++) {
    const mine = claims();
    for (const [at, ask] of [claim, settle, replay].entries()) {
      costs[at]!.push(await costOf(mine, ask));
    }
  }
  const [claimed, settled, replayed] = [least(costs[0]), least(costs[1]), least(costs[2])];
  expect(claimed.promises).toBeLessThanOrEqual(8);
  expect(settled.promises).toBeLessThanOrEqual(4);
  expect(replayed.promises).toBeLessThanOrEqual(2);
  // A key of fifty bytes and a token of 36 among them; the text of a statement is sent once for each connection.
  expect(claimed.sent).toBeLessThan(180);
  expect(settled.sent).toBeLessThan(180);
  expect(replayed.sent).toBeLessThan(110);
  expect(claimed.received).toBeLessThan(230);
  expect(settled.received).toBeLessThan(210);
  expect(replayed.received).toBeLessThan(400);
});
