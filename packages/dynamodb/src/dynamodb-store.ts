import type { Store } from '@twiceproof/core';
import { createOwnClaims } from '@twiceproof/core/toolkit';
import { createAcquire } from './acquire.ts';
import { correctClock, type MachineClock, systemMachineClock } from './clock.ts';
import { createDelete } from './delete.ts';
import { createExtend } from './extend.ts';
import { createFill } from './fill.ts';
import { createGet } from './get.ts';
import { maxItemBytes } from './item-size.ts';
import { createList } from './list.ts';
import { checkOptions, type DynamodbStoreOptions } from './options.ts';
import { createRenew } from './renew.ts';
import { createRequests } from './requests.ts';
import { createSend } from './send.ts';
import { createComplete, createRelease } from './settle.ts';
import { setup } from './setup.ts';
import type { StoreContext } from './store-context.ts';
import { tableSchema } from './table-schema.ts';
import { type TableReport, verify } from './verify.ts';

/** A {@link Store} with every optional method that DynamoDB can offer. */
export type DynamodbStore = Omit<Store, 'watch' | 'close'> &
  Required<Pick<Store, 'extend' | 'fill' | 'setup'>> & {
    /** Compares the table with the options: keys, time to live, index, clock. Changes nothing, and
     * answers what does not fit. */
    verify(): Promise<TableReport>;
  };

/**
 * Keeps records in a DynamoDB table of their own, or in the user's single-table design.
 *
 * A first execution costs two requests, a replay one, a conflict one.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import { createIdempotency } from '@twiceproof/core';
 * import { dynamodbStore } from '@twiceproof/dynamodb';
 *
 * const store = dynamodbStore({ client: new DynamoDBClient({}), table: 'idempotency' });
 * const idempotency = createIdempotency({ environment: 'prod', store });
 * ```
 */
export function dynamodbStore(options: DynamodbStoreOptions): DynamodbStore {
  return storeOn(options, systemMachineClock);
}

/** The same, on a machine whose clock the caller drives. */
export function storeOn(options: DynamodbStoreOptions, machine: MachineClock): DynamodbStore {
  const settings = checkOptions(options);
  const { client, marginMs, warn } = settings;
  let isWarned = false;
  const clock = correctClock(machine, (offsetMs) => {
    if (isWarned || Math.abs(offsetMs) <= marginMs) return;
    isWarned = true;
    const message = `this machine's clock is ${offsetMs} ms away from DynamoDB's, more than the margin of ${marginMs} ms; it is corrected, but let NTP set it`;
    warn({ code: 'CLOCK_OFFSET', message });
  });
  const send = createSend(client, clock);
  const context: StoreContext = {
    settings,
    layout: settings,
    clock,
    requests: createRequests(send, settings),
    ownClaims: createOwnClaims(({ record }) => record.id),
  };
  const schema = tableSchema(send, settings);

  return {
    name: 'dynamodb',
    limits: { maxRecordBytes: maxItemBytes },
    acquire: createAcquire(context),
    renew: createRenew(context),
    complete: createComplete(context),
    release: createRelease(context),
    get: createGet(context),
    delete: createDelete(context),
    list: createList(context),
    extend: createExtend(context),
    fill: createFill(context),
    setup: () => setup(context, schema),
    verify: () => verify(context, schema),
  };
}
