import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createIdempotency, RECORD_FORMAT } from '@twiceproof/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { olderCommit, packedVersion } from './two-versions/older-version.ts';
import { type Process, start } from './two-versions/process.ts';
import { type Opened, spaces } from './two-versions/spaces.ts';

// Where the clients are found that it does not hold itself.
const cache = join(import.meta.dirname, '../.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'older-'));
const olderFile = join(folder, 'older.mjs');
writeFileSync(olderFile, gunzipSync(readFileSync(packedVersion(olderCommit))));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(Object.entries(spaces))('two versions on one %s', (_name, openSpace) => {
  let opened: Opened;
  let older: Process;
  let newer: Process;
  const effects: string[] = [];
  const running: Process[] = [];
  const started = async (version: string) => {
    const process = await start(version, { ...opened, onEffect: (key) => effects.push(key) });
    running.push(process);
    return process;
  };
  const effectsOf = (key: string) => effects.filter((each) => each === key).length;

  beforeAll(async () => {
    opened = await openSpace();
    [older, newer] = await Promise.all([started(olderFile), started('this')]);
  });
  afterAll(async () => {
    await Promise.all(running.map((each) => each.kill()));
    await opened?.stop();
  });

  it('execute each key once, whoever comes first, and replay what the other one has recorded', async () => {
    const both = [older, newer];
    const work = Array.from({ length: 150 }, async (_, at) => {
      const key = `order-${at}`;
      // A third of the keys each: the older one first, the newer one first, and whoever it is.
      const [first, second] = at % 3 === 0 ? [older, newer] : [newer, older];
      if (at % 3 === 2)
        return { key, answers: await Promise.all(both.map((one) => one.call(key))) };
      const early = first.call(key);
      await first.begun(key);
      return { key, answers: await Promise.all([early, second.call(key)]) };
    });
    const winners = new Set<unknown>();
    for (const { key, answers } of await Promise.all(work)) {
      const [one, other] = answers;
      expect(effectsOf(key), key).toBe(1);
      expect(one).toMatchObject({ key, whole: true });
      expect(other).toMatchObject({ key, whole: true, by: one!.by });
      expect([one!.outcome, other!.outcome].sort(), key).toEqual(['executed', 'replayed']);
      winners.add(one!.by);
    }
    expect(winners).toEqual(new Set(['this', olderFile]));
  });

  it.each([
    ['a newer one', 'an older one', 'this', olderFile],
    ['an older one', 'a newer one', olderFile, 'this'],
  ])('%s takes over what %s was killed at', async (_next, _first, next, first) => {
    const key = `abandoned by ${first}`;
    const victim = await started(first);
    const heir = next === 'this' ? newer : older;
    void victim.call(key, 'hang');
    await victim.begun(key);
    await victim.kill();
    const answer = await heir.call(key);
    expect(answer).toMatchObject({ by: next, outcome: 'executed', attempt: 2 });
    expect(effectsOf(key)).toBe(2);
    expect(await heir.call(key)).toMatchObject({ by: next, outcome: 'replayed' });
  });

  it('an older one refuses the record of a version that is yet to come, and executes nothing', async () => {
    const idempotency = createIdempotency({ environment: 'prod', store: opened.store });
    const named = idempotency.wrap(async (_key: string) => {}, {
      operation: 'perform',
      key: (key) => key,
    });
    const key = 'of the future';
    const id = await named.idOf(key);
    const claim = { id, environment: 'prod', operation: 'perform', run: 0, token: 'theirs' };
    const terms = { leaseMs: 60_000, retentionMs: null, abandoned: 'reexecute' } as const;
    await opened.store.acquire({ ...claim, ...terms, formatVersion: RECORD_FORMAT + 1 });
    await opened.store.complete(id, 'theirs', { bytes: Buffer.from('?'), retentionMs: null });
    expect(await older.call(key)).toEqual({ code: 'RECORD_CORRUPT' });
    await expect(named(key)).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    expect(effectsOf(key)).toBe(0);
  });
});
