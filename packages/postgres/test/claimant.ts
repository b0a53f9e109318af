import { newClaim } from '@twiceproof/testing';
/**
 * A program that claims records one after another until its input ends, on a pool that nobody else
 * listens to. Says `ready` after the first one; ends with 0 unless something ended it.
 */
import { Pool } from 'pg';
import { postgresStore, transactional } from '../src/index.ts';
import { done } from './claims.ts';

const [connectionString, kind] = process.argv.slice(2);
// Connections that serve for a while only, so that new ones come all the time.
const client = new Pool({ connectionString: connectionString!, max: 4, maxUses: 10 });
const options = { client, timeout: '2s' as const };
const store = kind === 'transactional' ? transactional(options).store : postgresStore(options);

let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

const work = async () => {
  while (!isOver) {
    try {
      const claim = newClaim();
      await store.acquire(claim);
      await store.complete(claim.id, claim.token, done);
      console.log('ready');
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
};
const { watch } = store;
const watching = new AbortController();
const listen = async () => {
  while (!isOver && watch) {
    await watch('any', watching.signal).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
await Promise.all([work(), work(), work(), work(), work(), listen()]);
await store.close?.();
await client.end();
process.exit(0);
