import assert from 'node:assert/strict';
import { acquire, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const isolationSpecs: readonly StoreSpec[] = specs('isolation', {
  'bytes that the caller changes after completing change nothing': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const bytes = Uint8Array.from([1, 2, 3, 4]);
    done(await store.complete(mine.id, mine.token, outcome(bytes)));
    bytes.fill(9);
    const expected = Uint8Array.from([1, 2, 3, 4]);
    assertBytes((await read(store, mine.id)).outcome, expected);
    assertBytes(existing(await store.acquire(rival(mine))).outcome, expected);
  },

  'bytes that a reader changes change nothing for the next': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const expected = Uint8Array.from([1, 2, 3, 4]);
    done(await store.complete(mine.id, mine.token, outcome(expected.slice())));
    (await read(store, mine.id)).outcome?.fill(9);
    existing(await store.acquire(rival(mine))).outcome?.fill(9);
    assertBytes((await read(store, mine.id)).outcome, expected);
    assertBytes(existing(await store.acquire(rival(mine))).outcome, expected);
  },

  'an error that the caller changes after releasing changes nothing': async ({
    stores: [store],
    claim,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const error = { name: 'Error', message: 'as it was' };
    done(await store.release(mine.id, mine.token, failure('', { error })));
    error.message = 'changed';
    assert.equal((await read(store, mine.id)).lastError?.message, 'as it was');
  },

  'a record that a reader changes changes nothing for the next': async ({
    stores: [store],
    claim,
  }) => {
    const mine = claim();
    const record = await acquire(store, mine);
    Object.assign(record, { status: 'completed', token: 'forged', fence: -1 });
    const kept = await read(store, mine.id);
    assert.equal(kept.status, 'in_progress');
    assert.equal(kept.token, mine.token);
    Object.assign(kept, { status: 'failed', token: 'forged' });
    done(await store.complete(mine.id, mine.token, outcome('mine')));
  },
});
