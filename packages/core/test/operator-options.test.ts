import type { Records, Store } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const id = 'test/work/0/x';

/** The records of a store that must not be asked anything. */
function unasked(): { readonly records: Records; readonly expectUnasked: () => void } {
  const { store } = deployed();
  const asked = vi.fn();
  const watched: Store = {
    ...store,
    acquire: asked,
    get: asked,
    delete: asked,
    list: asked,
    stats: asked,
    extend: asked,
  };
  const { records } = deployed({ store: watched }).idempotency;
  return { records, expectUnasked: () => expect(asked).not.toHaveBeenCalled() };
}

const single = {
  release: (records: Records, own: object) => records.release(id, own),
  complete: (records: Records, own: object) => records.complete(id, 1, own),
  delete: (records: Records, own: object) => records.delete(id, own),
  extend: (records: Records, own: object) => records.extend(id, '1h', own),
};

describe.each(Object.entries(single))('options of records.%s', (name, act) => {
  it.each([
    [{ versoin: '1.failed' }, "has no option 'versoin'; did you mean 'version'?"],
    [{ version: 1 }, ': version is 1; give text'],
    [{ by: 5 }, ': by is 5; give text'],
    [{ reason: ['x'] }, ': reason is an array; give text'],
    [null, 'was given null; give an object of options'],
    ['ada', "was given 'ada'; give an object of options"],
  ])('refuses %o', async (own, message) => {
    const { records, expectUnasked } = unasked();
    await expect(act(records, own as object)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(new RegExp(`records\\.${name}.*`)),
    });
    await expect(act(records, own as object)).rejects.toThrow(message);
    expectUnasked();
  });
});

const bulk = {
  releaseAll: (records: Records, filter: object, own?: object) => records.releaseAll(filter, own),
  extendAll: (records: Records, filter: object, own?: object) =>
    records.extendAll(filter, '7d', own),
  deleteAll: (records: Records, filter: object, own?: object) => records.deleteAll(filter, own),
};

describe.each(Object.entries(bulk))('options of records.%s', (name, act) => {
  it.each([
    [{}, { onProgres: () => {} }, "has no option 'onProgres'; did you mean 'onProgress'?"],
    [{}, { version: '1.failed' }, "has no option 'version'"],
    [{}, { onProgress: true }, ': onProgress is true; give a function of the progress'],
    [{}, { only: 'stuck' }, ": only is 'stuck'; give a function of the record"],
    [{}, { onRecord: 1 }, ': onRecord is 1; give a function of the record and what came of it'],
    [{}, { signal: 'SIGINT' }, ": signal is 'SIGINT'; give the signal of an AbortController"],
    [{}, { signal: null }, ': signal is null'],
    [{}, { by: 5 }, ': by is 5; give text'],
    [{}, null, 'was given null; give an object of options'],
    [undefined, undefined, 'was given undefined as its filter; say which records, or {} for all'],
    [null, undefined, 'was given null as its filter'],
    ['work', undefined, "was given 'work' as its filter"],
    [[], undefined, 'was given an array; give an object of options'],
    [{ operaton: 'work' }, undefined, "has no option 'operaton'; did you mean 'operation'?"],
  ])('refuses %o with %o', async (filter, own, message) => {
    const { records, expectUnasked } = unasked();
    const acted = act(records, filter as object, own as object);
    await expect(acted).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining(`records.${name}`),
    });
    await expect(acted).rejects.toThrow(message);
    expectUnasked();
  });

  it('takes an explicit {} for every record of the environment', async () => {
    const { idempotency } = deployed();
    for (const key of ['a', 'b']) await idempotency.execute({ operation: 'work', key }, () => 1);
    expect(await act(idempotency.records, {})).toEqual({ matched: 2, changed: 2, skipped: 0 });
  });
});

describe('a filter', () => {
  it.each([
    [{ operation: 5 }, 'operation is 5; give text'],
    [{ scope: 5 }, 'scope is 5; give text'],
    [{ idPrefix: 5 }, 'idPrefix is 5; give text'],
    [{ text: 5 }, 'text is 5; give text'],
    [{ cursor: 5 }, 'cursor is 5; give text'],
    [{ cursor: null }, 'cursor is null; give text'],
    [{ stuck: 'yes' }, "stuck is 'yes'; give true or false"],
    [{ held: 1 }, 'held is 1; give true or false'],
    [{ environment: 5 }, 'environment is 5; give the name of one, or null for all of them'],
    [{ run: '1' }, "run is '1'; give a number"],
    [{ startedAfter: new Date() }, 'startedAfter is an object; give a number'],
    [{ status: 'done' }, "status is 'done'"],
    [{ limit: 0 }, 'limit is 0'],
    [null, 'was given null; give an object of options'],
  ])('%o is refused wherever it is given', async (given, message) => {
    const { records, expectUnasked } = unasked();
    const filter = given as never;
    for (const asked of [
      records.list(filter),
      records.stats(filter),
      ...(filter === null
        ? []
        : [records.releaseAll(filter), records.extendAll(filter, '7d'), records.deleteAll(filter)]),
    ]) {
      await expect(asked).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
      await expect(asked).rejects.toThrow(message);
    }
    expectUnasked();
  });

  it('of stats comes with a function, if with anything', async () => {
    const { records, expectUnasked } = unasked();
    await expect(records.stats({}, 'log' as never)).rejects.toThrow('records.stats: onProgress');
    expectUnasked();
  });
});
