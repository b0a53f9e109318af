import { createIdempotency, type Store } from '@twiceproof/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Backend, backendNames, startBackend } from './backends.ts';

describe.each(backendNames)('%s', (backendName) => {
  let backend: Backend;
  let store: Store;
  beforeAll(async () => {
    backend = await startBackend[backendName]();
    store = await backend.open();
  });
  afterAll(() => backend?.stop());

  it.each([
    '.',
    '..',
    '../..',
    '/',
    '\\',
    "'; --",
    '%',
    '_',
    '*[a]?',
    '{a}',
    '|;,:#',
    'a\r\nb: c',
    'a\0b',
    '\u007f\u2028',
    'é𝄞',
    ' a ',
    '__proto__',
    'x'.repeat(200),
  ])('takes %j as the name of anything', async (name) => {
    const work = vi.fn(async (key: string) => `done ${key}`);
    const idempotency = createIdempotency({ environment: name, store });
    const options = { operation: name, scope: name, key: (key: string) => key };
    const first = idempotency.wrap(work, options);
    expect(await first(name)).toBe(`done ${name}`);
    expect(await first(name)).toBe(`done ${name}`);
    expect(await first('other')).toBe('done other');
    expect(work).toHaveBeenCalledTimes(2);
    const id = await first.idOf(name);
    const { records } = idempotency;
    // Text in Postgres cannot hold NUL.
    const kept = backendName === 'postgres' ? name.replace('\0', '\uFFFD') : name;
    expect(await records.get(id)).toMatchObject({
      environment: kept,
      operation: kept,
      scope: kept,
    });
    const idPrefix = id.slice(0, -43);
    for (const filter of [{ operation: name }, { scope: name }, { idPrefix }, { idPrefix: id }]) {
      const found = (await records.list(filter)).records.map((record) => record.id);
      expect(found, JSON.stringify(filter)).toContain(id);
      expect(found, JSON.stringify(filter)).toHaveLength(filter.idPrefix === id ? 1 : 2);
    }
    expect(await records.deleteAll({ operation: name })).toMatchObject({ changed: 2 });
  });
});
