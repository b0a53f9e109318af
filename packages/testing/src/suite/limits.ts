import assert from 'node:assert/strict';
import { acquire, done, read } from './answers.ts';
import { outcome } from './endings.ts';
import { assertBytes, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** Left free for everything of a record beside its outcome. */
const besideOutcome = 16 * 1024;
const largestTried = 4 * 1024 * 1024;

export const limitSpecs: readonly StoreSpec[] = specs('limits', {
  'an outcome beyond the limit settles nothing, and both numbers are said': async ({
    stores: [store],
    claim,
  }) => {
    const { maxRecordBytes } = store.limits;
    const mine = claim();
    await acquire(store, mine);
    const tooLarge = outcome(new Uint8Array(maxRecordBytes + 1));
    const settlement = await changesNothing(store, mine.id, () =>
      store.complete(mine.id, mine.token, tooLarge),
    );
    assert.equal(settlement.status, 'too_large');
    assert.ok(settlement.status === 'too_large');
    assert.equal(settlement.maxRecordBytes, maxRecordBytes);
    assert.ok(settlement.recordBytes > maxRecordBytes);
    done(await store.complete(mine.id, mine.token, outcome('the result was left out')));
  },

  'an outcome within the limit is kept whole': async ({ stores: [one, other], claim }) => {
    const length = Math.min(one.limits.maxRecordBytes - besideOutcome, largestTried);
    assert.ok(length > 0, 'the limit leaves room for an outcome');
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31) % 251);
    const mine = claim();
    await acquire(one, mine);
    done(await one.complete(mine.id, mine.token, outcome(bytes)));
    assertBytes((await read(other, mine.id)).outcome, bytes);
    await one.delete(mine.id);
  },
});
