import { randomUUID } from 'node:crypto';
import { createIdempotency, type Store } from '@twiceproof/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, type BackendName, startBackend } from './backends.ts';

describe.each(Object.keys(startBackend) as BackendName[])('shadow on %s', (name) => {
  let backend: Backend;
  let stores: Store[];
  beforeAll(async () => {
    backend = await startBackend[name]();
    stores = [await backend.open(), await backend.open()];
  });
  afterAll(() => backend?.stop());

  it('counts what another process did, and never answers those who enforce', async () => {
    const environment = `shadow-${randomUUID()}`;
    const create = (index: number, enabled: true | 'shadow') =>
      createIdempotency({ environment, store: stores[index]!, enabled });
    const own = { operation: 'work', key: 'a' };
    let executions = 0;
    const work = () => ++executions;
    expect(await create(0, 'shadow').settled(own, work)).toMatchObject({ outcome: 'executed' });
    expect(await create(1, 'shadow').settled(own, work)).toMatchObject({ outcome: 'shadowed' });
    const enforcing = create(1, true);
    expect((await enforcing.records.list()).records).toEqual([]);
    expect(await enforcing.settled(own, work)).toMatchObject({ outcome: 'executed', value: 3 });
    expect(await enforcing.settled(own, work)).toMatchObject({ outcome: 'replayed', value: 3 });
    expect(await create(0, 'shadow').settled(own, work)).toMatchObject({
      outcome: 'shadowed',
      value: 4,
    });
  });
});
