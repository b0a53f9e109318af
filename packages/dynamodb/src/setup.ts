import { setTimeout as sleep } from 'node:timers/promises';
import { IdempotencyError } from '@twiceproof/core';
import type { StoreContext } from './store-context.ts';
import type { TableSchema } from './table-schema.ts';
import { verify } from './verify.ts';

/** A table is there within seconds; after this long something else is wrong. */
const patienceMs = 120_000;
const firstPollMs = 50;
const longestPollMs = 2_000;

/** Creates the table where there is none, waits for it, and turns its time to live on. */
export async function setup(context: StoreContext, schema: TableSchema): Promise<void> {
  if ((await schema.describe()) === undefined) await schema.create();
  await untilActive(context, schema);
  const ttl = await schema.describeTimeToLive();
  if (ttl?.TimeToLiveStatus !== 'ENABLED' && ttl?.TimeToLiveStatus !== 'ENABLING') {
    await schema.enableTimeToLive();
  }
  const { problems } = await verify(context, schema);
  const serious = problems.find(({ code }) => code !== 'CLOCK_OFFSET');
  if (serious !== undefined) throw unavailable(serious.message);
}

async function untilActive({ settings, clock }: StoreContext, schema: TableSchema): Promise<void> {
  const giveUpAt = clock.monotonic() + patienceMs;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(2 * pollMs, longestPollMs)) {
    const status = (await schema.describe())?.TableStatus;
    if (status === 'ACTIVE' || status === 'UPDATING') return;
    if (clock.monotonic() >= giveUpAt) {
      throw unavailable(
        `table '${settings.table}' is ${status ?? 'not there'} after ${patienceMs / 1_000} s: look at it in the AWS console, then run setup() again`,
      );
    }
    await sleep(pollMs);
  }
}

function unavailable(message: string): IdempotencyError<'STORE_UNAVAILABLE'> {
  return new IdempotencyError('STORE_UNAVAILABLE', message);
}
