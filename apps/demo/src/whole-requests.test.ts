import { cp, mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { wholeRequests } from './whole-requests.ts';

let folder: string;
let db: PGlite;
let served: PGlite;
let server: PGLiteSocketServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twiceproof-demo-'));
  await cp(join(inject('preparedState'), 'database'), folder, { recursive: true });
  db = await PGlite.create(folder);
  served = wholeRequests(db);
  server = new PGLiteSocketServer({ db: served, port: 0, maxConnections: 10 });
  await server.start();
});

afterAll(async () => {
  await server.stop();
  await db.close();
  await rm(folder, { recursive: true });
});

function message(type: string, ...parts: (string | number[])[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from(part))),
  );
  const head = Buffer.alloc(type.length + 4);
  head.write(type);
  head.writeInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, body]);
}

const parse = (sql: string): Buffer => message('P', '', sql, [0, 0]);
const rest = Buffer.concat([
  message('B', '', '', [0, 0, 0, 0, 0, 0]),
  message('E', '', [0, 0, 0, 0]),
  message('S'),
]);

/** A connection that sends its requests piece by piece. */
async function connection(): Promise<Socket & { answered(text: string): Promise<void> }> {
  const port = Number(server.getServerConn().split(':').at(-1));
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('latin1');
  });
  const answered = (text: string) => vi.waitFor(() => expect(received).toContain(text), 30_000);
  socket.write(message('', [0, 3, 0, 0], 'user', 'postgres', 'database', 'postgres', ''));
  return Object.assign(socket, { answered });
}

test('a connection whose request is not whole yet keeps the others from coming between', async () => {
  const [slow, quick] = [await connection(), await connection()];
  slow.write(parse("SELECT 'of the slow one'"));
  await vi.waitFor(() => expect(served.isInTransaction()).toBe(true), 30_000);
  quick.write(Buffer.concat([parse("SELECT 'of the quick one'"), rest]));
  slow.write(rest);
  await slow.answered('of the slow one');
  await quick.answered('of the quick one');
  slow.destroy();
  quick.destroy();
});

test('a connection that goes away in the middle of a request frees the others', async () => {
  const [gone, waiting] = [await connection(), await connection()];
  gone.write(parse("SELECT 'never asked'"));
  await vi.waitFor(() => expect(served.isInTransaction()).toBe(true), 30_000);
  waiting.write(Buffer.concat([parse("SELECT 'of the one that waited'"), rest]));
  gone.destroy();
  await waiting.answered('of the one that waited');
  waiting.destroy();
});

test('a connection that goes away in a transaction leaves nothing of it', async () => {
  const [gone, next] = [await connection(), await connection()];
  await db.exec('CREATE TABLE half (id int)');
  gone.write(message('Q', "BEGIN; INSERT INTO half VALUES (1); SELECT 'inserted'"));
  await gone.answered('inserted');
  gone.destroy();
  next.write(message('Q', "SELECT 'rows: ' || count(*) FROM half"));
  await next.answered('rows: 0');
  next.destroy();
});
