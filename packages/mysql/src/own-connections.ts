import { within } from '@twiceproof/core/toolkit';
import type { MysqlClient, MysqlConnection } from './client.ts';

/** How long a heartbeat or a settlement waits for a connection of the application's pool. */
const patienceMs = 100;
const mostOwn = 2;

/** A pool as it is below the one with promises. */
interface CorePool {
  readonly config: { readonly connectionConfig: object };
  readonly constructor: unknown;
  promise(): MysqlClient;
  emit(event: 'connection', connection: unknown): unknown;
  on(event: 'connection', listener: (connection: unknown) => void): unknown;
}

/**
 * The same pool, but whoever waits for long gets a connection of the store's own, made like the pool's and
 * closed again after one request: a lease must not end because the application's own queries, or many claims,
 * have all connections.
 */
export function withOwnConnections(client: MysqlClient): MysqlClient {
  let own: MysqlClient | undefined;
  return {
    async getConnection() {
      const ofPool = client.getConnection();
      if (await isSettledSoon(ofPool)) return ofPool;
      own ??= openLike(client);
      if (own === undefined) return ofPool;
      const ofOurs = own.getConnection().then(usedOnce);
      return firstOf(ofPool, ofOurs);
    },
  };
}

function isSettledSoon(connection: Promise<MysqlConnection>): Promise<boolean> {
  const settled = connection.then(() => true);
  return within(settled, patienceMs, () => false);
}

/** The other one goes back when it comes. Where none comes, the pool says why. */
async function firstOf(
  ofPool: Promise<MysqlConnection>,
  ofOurs: Promise<MysqlConnection>,
): Promise<MysqlConnection> {
  const first = await Promise.any([ofPool, ofOurs]).catch(() => ofPool);
  for (const each of [ofPool, ofOurs]) {
    each.then(
      (connection) => {
        if (connection !== first) connection.release();
      },
      () => {},
    );
  }
  return first;
}

function usedOnce(connection: MysqlConnection): MysqlConnection {
  const destroy = () => connection.destroy();
  return {
    execute: (statement) => connection.execute(statement),
    query: (statement) => connection.query(statement),
    release: destroy,
    destroy,
  };
}

/** Undefined for what is no pool of mysql2: nobody knows how to make another one of it. */
function openLike(client: MysqlClient): MysqlClient | undefined {
  const { pool } = client as { readonly pool?: CorePool };
  if (typeof pool?.promise !== 'function' || !pool.config?.connectionConfig) return undefined;
  const { connectionConfig } = pool.config;
  const Pool = pool.constructor as new (options: object) => CorePool;
  const own = new Pool({
    config: {
      ...pool.config,
      // A copy: a pool writes itself into it.
      connectionConfig: Object.create(
        Object.getPrototypeOf(connectionConfig),
        Object.getOwnPropertyDescriptors(connectionConfig),
      ),
      ...{ connectionLimit: mostOwn, maxIdle: mostOwn, waitForConnections: true, queueLimit: 0 },
    },
  });
  // Where the application sets up each connection of its pool, it sets up these.
  own.on('connection', (connection) => pool.emit('connection', connection));
  return own.promise();
}
