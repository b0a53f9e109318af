import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { postgresStore } from '@twiceproof/postgres';
import { DemoError } from '../demo-error.ts';
import { wholeRequests } from '../whole-requests.ts';
import type { Engine } from './engine.ts';

/**
 * Opens PGlite on disk, and serves it: only one process can have it open, so this one owns it and the
 * workers connect with an ordinary driver.
 */
export async function openPglite(folder: string): Promise<Engine> {
  await mkdir(dirname(folder), { recursive: true });
  // V8 optimises WebAssembly soon, which pays for itself in minutes; most runs end within seconds.
  setFlagsFromString('--wasm-tiering-budget=100000000');
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
  const port = Number(server.getServerConn().split(':').at(-1));
  return {
    address: { kind: 'pglite', url: `postgres://postgres@127.0.0.1:${port}/postgres` },
    store,
    keptAt: folder,
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
