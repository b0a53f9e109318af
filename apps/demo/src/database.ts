import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { Store } from '@idemkit/core';
import { postgresStore } from '@idemkit/postgres';
import { DemoError } from './demo-error.ts';
import { wholeRequests } from './whole-requests.ts';

/** The database that all workers share. */
export interface Database {
  /** Loopback port on which it speaks the Postgres protocol. */
  readonly port: number;
  /** For this process; not while workers are connected. */
  readonly store: Store;
  close(): Promise<void>;
}

/**
 * Opens PGlite on disk, and serves it: only one process can have it open, so this one owns it and the
 * workers connect with an ordinary driver.
 */
export async function openDatabase(folder: string): Promise<Database> {
  await mkdir(dirname(folder), { recursive: true });
  const db = await open(folder);
  const store = postgresStore({ client: db });
  await store.setup?.();
  const server = new PGLiteSocketServer({
    db: wholeRequests(db),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 256,
  });
  await server.start();
  return {
    port: Number(server.getServerConn().split(':').at(-1)),
    store,
    async close() {
      await server.stop();
      await store.close?.();
      await db.close();
    },
  };
}

async function open(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create(folder);
  } catch (cause) {
    const message = `the database in ${folder} cannot be opened (${cause instanceof Error ? cause.message : String(cause)}); start over with --reset`;
    throw new DemoError(message, { cause });
  }
}
