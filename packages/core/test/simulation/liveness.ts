import assert from 'node:assert/strict';
import type { Idempotency } from '@twiceproof/core';
import { amounts, keys, type Order } from './order.ts';

/** However often it met faults, and whatever server its connection led to, a process that lives can ask
 * the store. Work of other keys than the others have: it is nobody else's. */
export async function checkReachable(
  call: (order: Order) => Promise<boolean>,
  isDead: () => boolean,
  advance: (ms: number) => Promise<void>,
): Promise<void> {
  let isAnswered = false;
  for (let tries = 0; tries < 40 && !isAnswered && !isDead(); tries++) {
    void call({ key: `alive ${tries}`, amount: 1 }).then((answered) => {
      isAnswered ||= answered;
    });
    await advance(3_000);
  }
  assert.ok(isAnswered || isDead(), 'a process never reached the store again');
}

/** When the faults are over and the leases, too, work is possible again. */
export async function checkLiveness(
  call: (order: Order) => Promise<boolean>,
  advance: (ms: number) => Promise<void>,
  records: Idempotency['records'],
  ids: readonly string[],
): Promise<void> {
  for (const [at, key] of keys.entries()) {
    let isAnswered = false;
    for (let tries = 0; tries < 40 && !isAnswered; tries++) {
      const called = call({ key, amount: amounts[tries % amounts.length]! });
      await advance(5_000);
      isAnswered = await called;
      const record = await records.get(ids[at]!);
      if (record?.status === 'in_progress') await records.release(ids[at]!);
    }
    assert.ok(isAnswered, `${key} is stuck`);
  }
}
