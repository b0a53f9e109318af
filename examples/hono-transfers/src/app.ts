import { createIdempotency, currentExecution } from '@twiceproof/core';
import { idempotencyKey } from '@twiceproof/http/hono';
import { postgresStore, transactional } from '@twiceproof/postgres';
import { Hono } from 'hono';
import type { Pool, PoolClient } from 'pg';

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/**
 * `POST /transfers`. Requests have their records in a plain store. What they do is an operation in a
 * transaction: its claim, the two balances and its outcome commit together, or not at all.
 */
export function transfersApi(client: Pool) {
  const environment = 'example';
  const requests = createIdempotency({ environment, store: postgresStore({ client }) });
  const { store, effect } = transactional<PoolClient>({ client });
  const transfers = createIdempotency({ environment, store });
  const move = transfers.wrap(
    effect(async (tx: PoolClient, _request: string, { from, to, amount }: Transfer) => {
      const change = 'UPDATE account SET balance = balance + $2 WHERE owner = $1 RETURNING balance';
      const { rows } = await tx.query(change, [from, -amount]);
      await tx.query(change, [to, amount]);
      if (!rows[0] || rows[0].balance < 0) throw new Error(`${from} has not got ${amount}`);
      return { left: rows[0].balance as number };
    }),
    { operation: 'move-money', key: (request) => request },
  );

  const app = new Hono<{ Variables: { user: string } }>();
  app.use(async (c, next) => {
    const user = c.req.header('authorization')?.replace('Bearer ', '');
    if (!user) return c.text('who are you?', 401);
    c.set('user', user);
    return next();
  });
  app.post(
    '/transfers',
    idempotencyKey({
      idempotency: requests,
      operation: 'create-transfer',
      scope: (c) => c.get('user'),
    }),
    async (c) => {
      const { to, amount } = await c.req.json();
      // Stable over all attempts of this request: should one crash after the commit, the next is told.
      const request = currentExecution().downstreamKey;
      return c.json(await move(request, { from: c.get('user'), to, amount }), 201);
    },
  );
  const close = async () => {
    await requests.close();
    await transfers.close();
  };
  return { app, close };
}
