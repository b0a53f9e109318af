import assert from 'node:assert/strict';
import { recordVersion } from '@twiceproof/core';
import { acquire, acquired, done, existing } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const fingerprintSpecs: readonly StoreSpec[] = specs('fingerprint', {
  'another fingerprint is answered the existing record, whatever its status': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim({ fingerprint: 'one payload' });
    const another = () => rival(mine, { fingerprint: 'another payload' });
    await acquire(store, mine);
    const live = await changesNothing(store, mine.id, () => store.acquire(another()));
    assert.equal(existing(live).fingerprint, 'one payload');
    done(await store.complete(mine.id, mine.token, outcome('done')));
    const completed = await changesNothing(store, mine.id, () => store.acquire(another()));
    assert.equal(existing(completed).fingerprint, 'one payload');
  },

  'another fingerprint never claims a failed record': async ({ stores: [store], claim, rival }) => {
    const mine = claim({ fingerprint: 'one payload' });
    await acquire(store, mine);
    done(await store.release(mine.id, mine.token, failure('try again')));
    const another = rival(mine, { fingerprint: 'another payload' });
    const answer = await changesNothing(store, mine.id, () => store.acquire(another));
    assert.equal(existing(answer).status, 'failed');
    acquired(await store.acquire(rival(mine)));
  },

  'another fingerprint never takes over an abandoned record': async ({
    stores: [store],
    claim,
    rival,
    shortMs,
    outlast,
    eventually,
  }) => {
    const mine = claim({ fingerprint: 'one payload', leaseMs: shortMs });
    await acquire(store, mine);
    await outlast(shortMs);
    const another = rival(mine, { fingerprint: 'another payload' });
    const answer = await changesNothing(store, mine.id, () => store.acquire(another));
    assert.equal(existing(answer).status, 'in_progress');
    await eventually('takeover with the same fingerprint', async () => {
      return (await store.acquire(rival(mine))).status === 'acquired';
    });
  },

  'another fingerprint supersedes nothing': async ({ stores: [store], claim, rival }) => {
    const mine = claim({ fingerprint: 'one payload' });
    await acquire(store, mine);
    const record = done(await store.complete(mine.id, mine.token, outcome('done')));
    const supersedes = recordVersion(record);
    const another = rival(mine, { fingerprint: 'another payload', supersedes });
    existing(await changesNothing(store, mine.id, () => store.acquire(another)));
  },

  'a fingerprint on one side only is no difference': async ({ stores: [store], claim, rival }) => {
    for (const [before, after] of [
      [undefined, 'payload'],
      ['payload', undefined],
    ]) {
      const mine = claim({ fingerprint: before });
      await acquire(store, mine);
      done(await store.release(mine.id, mine.token, failure('try again')));
      const record = await acquire(store, rival(mine, { fingerprint: after }));
      assert.equal(record.fingerprint, after, 'the record has the fingerprint of its latest claim');
    }
  },
});
