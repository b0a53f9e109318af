import assert from 'node:assert/strict';
import { recordVersion } from '@twiceproof/core';
import { acquire, done, existing, granted, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, changesNothing } from './snapshot.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** A claim whose lease is over, and the claim that took it over. */
async function takenOver({
  stores: [one, other],
  claim,
  rival,
  shortMs,
  eventually,
}: StoreContext) {
  const stale = claim({ leaseMs: shortMs });
  const before = await acquire(one, stale);
  const owner = rival(stale, { leaseMs: 60_000 });
  const after = await eventually('takeover of an abandoned record', () => granted(other, owner));
  return { stale, owner, before, after };
}

export const takeoverSpecs: readonly StoreSpec[] = specs('takeover', {
  'never happens before the lease is over': async ({
    stores: [one, other],
    claim,
    rival,
    shortMs,
    now,
    eventually,
  }) => {
    const mine = claim({ leaseMs: shortMs });
    const claimedFrom = now();
    await acquire(one, mine);
    const takenAt = await eventually('takeover', async () => {
      const answer = await other.acquire(rival(mine));
      return answer.status === 'acquired' && Math.max(now(), 1);
    });
    const after = takenAt - claimedFrom;
    // Engines count in whole milliseconds.
    assert.ok(after > shortMs - 2, `a lease of ${shortMs} ms was taken over after ${after} ms`);
  },

  'is the next attempt of the same record': async (context) => {
    const { before, after, owner } = await takenOver(context);
    assert.equal(after.attempt, 2);
    assert.equal(after.token, owner.token);
    assert.equal(after.createdAt, before.createdAt);
    assert.ok(after.startedAt > before.startedAt);
    assert.ok(after.fence > before.fence);
  },

  'leaves the stale owner unable to complete': async (context) => {
    const { stale, owner } = await takenOver(context);
    const [one, other] = context.stores;
    const early = await changesNothing(one, stale.id, () =>
      one.complete(stale.id, stale.token, outcome('stale')),
    );
    assert.equal(early.status, 'lost');
    const recorded = outcome('newer');
    done(await other.complete(owner.id, owner.token, recorded));
    const late = await changesNothing(one, stale.id, () =>
      one.complete(stale.id, stale.token, outcome('stale')),
    );
    assert.equal(late.status, 'lost');
    assertBytes((await read(one, stale.id)).outcome, recorded.bytes);
  },

  'leaves the stale owner unable to release': async (context) => {
    const { stale, owner } = await takenOver(context);
    const [one, other] = context.stores;
    const early = await changesNothing(one, stale.id, () =>
      one.release(stale.id, stale.token, failure('stale')),
    );
    assert.equal(early.status, 'lost');
    done(await other.complete(owner.id, owner.token, outcome('newer')));
    const late = await changesNothing(one, stale.id, () =>
      one.release(stale.id, stale.token, failure('stale')),
    );
    assert.equal(late.status, 'lost');
  },

  'leaves the stale owner unable to renew': async (context) => {
    const { stale } = await takenOver(context);
    const [one] = context.stores;
    const lease = await changesNothing(one, stale.id, () =>
      one.renew(stale.id, stale.token, 90_000),
    );
    assert.equal(lease, undefined);
  },

  'leaves what was seen before it unable to delete the newer record': async (context) => {
    const { before, owner } = await takenOver(context);
    const [one, other] = context.stores;
    const version = recordVersion(before);
    const early = await changesNothing(one, before.id, () => one.delete(before.id, { version }));
    assert.equal(early, false);
    done(await other.complete(owner.id, owner.token, outcome('newer')));
    const late = await changesNothing(one, before.id, () => one.delete(before.id, { version }));
    assert.equal(late, false);
  },

  'leaves a straggling claim of the stale owner unable to take it back': async (context) => {
    const { stale, owner } = await takenOver(context);
    const [one] = context.stores;
    const answer = await changesNothing(one, stale.id, () => one.acquire(stale));
    assert.equal(existing(answer).token, owner.token);
  },

  'does not happen to a record that is to be held': async ({
    stores: [one, other],
    claim,
    rival,
    shortMs,
    eventually,
  }) => {
    const mine = claim({ leaseMs: shortMs });
    await acquire(one, mine);
    const held = await eventually('end of the lease', async () => {
      const answer = await other.acquire(rival(mine, { abandoned: 'hold' }));
      existing(answer);
      return answer.leaseRemainingMs <= 0 && answer.record;
    });
    assert.equal(held.token, mine.token);
    assert.equal(held.status, 'in_progress');
    assert.equal(held.attempt, 1);
    await changesNothing(one, mine.id, () => other.acquire(rival(mine, { abandoned: 'hold' })));
  },
});
