import { sqliteStore } from '../src/sqlite-store.ts';

/** Claims the same ids as its rivals, and says which it was granted: at the end, or
 * with a third argument each at once. */
const [, , path = '', count = '0', tells] = process.argv;
const store = sqliteStore({ path, busyTimeoutMs: 60_000 });
const granted: string[] = [];
for (let at = 0; at < Number(count); at += 1) {
  const id = `test/race/0/${at}`;
  const { status } = await store.acquire({
    id,
    environment: 'test',
    operation: 'race',
    run: 0,
    token: `${process.pid}.${at}`,
    leaseMs: 600_000,
    retentionMs: null,
    abandoned: 'hold',
    formatVersion: 1,
  });
  if (status === 'acquired') granted.push(id);
  if (tells) process.stdout.write(`${id}\n`);
}
await store.close();
if (!tells) process.stdout.write(JSON.stringify(granted));
