import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { startPostgres } from '@twiceproof/engines';
import { wasReplayed } from '@twiceproof/http/client';
import { postgresStore } from '@twiceproof/postgres';
import { Pool } from 'pg';
import { transfersApi } from './app.ts';

const postgres = await startPostgres({ own: true });
const client = new Pool({ connectionString: postgres.url });
await postgresStore({ client }).setup();
await client.query('CREATE TABLE account (owner text, balance int)');
await client.query("INSERT INTO account VALUES ('ada', 100), ('bob', 0)");

const { app, close } = transfersApi(client);
const server = createAdaptorServer({ fetch: app.fetch }) as Server;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/transfers`;

function send(amount: number, key: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify({ to: 'bob', amount }),
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer ada',
      'idempotency-key': key,
    },
  });
}

async function transfer(what: string, amount: number, key: string): Promise<void> {
  const response = await send(amount, key);
  const replayed = wasReplayed(response) ? ', replayed' : '';
  console.log(`${what}: ${response.status} ${await response.text()}${replayed}`);
}

await transfer('30 to bob', 30, '"t-1"');
await transfer('the same again', 30, '"t-1"');
await Promise.all(Array.from({ length: 10 }, () => send(5, '"t-2"')));
await transfer('after ten at once', 5, '"t-2"');
await transfer('more than there is', 1_000, '"t-3"');
const { rows } = await client.query('SELECT owner, balance FROM account ORDER BY owner');
console.log(rows.map(({ owner, balance }) => `${owner}: ${balance}`).join(', '));

server.close();
await close();
await client.end();
await postgres.stop();
