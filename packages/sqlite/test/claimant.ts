import { sqliteStore } from '../src/sqlite-store.ts';

/** Claims the same ids as its rivals, and says which it was granted. */
const [, , path = '', count = '0'] = process.argv;
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
}
await store.close();
process.stdout.write(JSON.stringify(granted));
