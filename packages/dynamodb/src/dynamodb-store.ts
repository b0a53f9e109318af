import type { Store } from '@twiceproof/core';
import { createOwnClaims } from '@twiceproof/core/toolkit';
import { acquirer } from './acquire.ts';
import { correctClock, type MachineClock, systemMachineClock } from './clock.ts';
import { deleter } from './delete.ts';
import { extender } from './extend.ts';
import { filler } from './fill.ts';
import { getter } from './get.ts';
import { maxItemBytes } from './item-size.ts';
import { lister } from './list.ts';
import { checkOptions, type DynamodbStoreOptions } from './options.ts';
import { renewer } from './renew.ts';
import { createRequests } from './requests.ts';
import { createSend } from './send.ts';
import { completer, releaser } from './settle.ts';
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
    acquire: acquirer(context),
    renew: renewer(context),
    complete: completer(context),
    release: releaser(context),
    get: getter(context),
    delete: deleter(context),
    list: lister(context),
    extend: extender(context),
    fill: filler(context),
    setup: () => setup(context, schema),
    verify: () => verify(context, schema),
  };
}
