/** A program that begins an execution in a PGlite on disk, says its fence, and waits to be killed. */
import { PGlite } from '@electric-sql/pglite';
import { newClaim } from '@twiceproof/testing';
import { postgresStore, transactional } from '../src/index.ts';

const client = await PGlite.create(process.argv[2]!);
await postgresStore({ client }).setup();
const claim = newClaim({ id: 'test/charge/0/same' });
const { record } = await transactional({ client }).store.acquire(claim);
console.log(record.fence);
setInterval(() => {}, 1_000);
