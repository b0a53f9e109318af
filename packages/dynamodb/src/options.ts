import { type Duration, durationMs } from '@twiceproof/core';
import {
  checkFunction,
  checkNames,
  checkSwitch,
  invalidOption,
  shown,
} from '@twiceproof/core/toolkit';
import { type AttributeNames, attributeNames } from './attributes.ts';
import type { DynamodbClient } from './client.ts';
import { type KeyAttribute, type KeySchema, keySchema } from './keys.ts';

/** What {@link dynamodbStore} takes. */
export interface DynamodbStoreOptions {
  /** A `DynamoDBClient` of `@aws-sdk/client-dynamodb` 3, or anything that sends its commands. The
   * store never destroys it. */
  readonly client: DynamodbClient;
  /** Name or ARN of the table. `setup()` creates it, where a deployment does not. */
  readonly table: string;
  /**
   * The table's partition key: its attribute name when it holds the record id, or a name and what
   * it holds. `'id'` unless given.
   */
  readonly partitionKey?: string | KeyAttribute | undefined;
  /** The table's sort key, where it has one: its attribute name and what it holds. */
  readonly sortKey?: KeyAttribute | undefined;
  /** Other names for the attributes, for example `{ ttl: 'expireAt', operation: 'GSI1PK' }`. */
  readonly attributes?: Partial<AttributeNames> | undefined;
  /**
   * A global secondary index with `operation` as its partition key and `startedAt` (a number) as its
   * sort key. With it, listing the records of one operation is a Query of that index; without it,
   * listing is a Scan.
   */
  readonly listIndex?: string | undefined;
  /**
   * How far a lease must be over before another executor may take its record: covers what is left of
   * the difference between two clients' clocks. `'2s'` unless given, and at least that.
   */
  readonly clockMargin?: Duration | undefined;
  /** How long after a record's expiry DynamoDB may delete it physically. `'1h'` unless given, and at
   * least `'1m'`. */
  readonly ttlGrace?: Duration | undefined;
  /**
   * `false` only for a tier before the store that decides: its reads may then be answered by a cache
   * such as DAX. `true` unless given.
   */
  readonly consistentRead?: boolean | undefined;
  /** Told about a clock that is wrong or a record that cannot be read. A process warning unless given. */
  readonly onWarning?: ((warning: DynamodbWarning) => void) | undefined;
}

/** Something to look after that did not keep the store from working. */
export interface DynamodbWarning {
  readonly code: 'CLOCK_OFFSET' | 'RECORD_UNREADABLE';
  readonly message: string;
}

/** The options, checked and completed. */
export interface Settings {
  readonly client: DynamodbClient;
  readonly table: string;
  readonly keys: KeySchema;
  readonly names: AttributeNames;
  readonly listIndex: string | undefined;
  readonly marginMs: number;
  readonly graceMs: number;
  readonly consistentRead: boolean;
  readonly warn: (warning: DynamodbWarning) => void;
}

const known: readonly string[] = [
  'client',
  'table',
  'partitionKey',
  'sortKey',
  'attributes',
  'listIndex',
  'clockMargin',
  'ttlGrace',
  'consistentRead',
  'onWarning',
] satisfies readonly (keyof DynamodbStoreOptions)[];

const leastMarginMs = 2_000;
const leastGraceMs = 60_000;

export function checkOptions(options: DynamodbStoreOptions): Settings {
  checkNames(options, known, 'dynamodbStore');
  const { client, table, listIndex, consistentRead = true, onWarning = emitWarning } = options;
  if (typeof client?.send !== 'function') {
    throw invalidOption(
      'client has no method send; give a DynamoDBClient of @aws-sdk/client-dynamodb',
    );
  }
  if (typeof table !== 'string' || table === '') {
    throw invalidOption(`table is ${shown(table)}; give the name or the ARN of a DynamoDB table`);
  }
  if (listIndex !== undefined && (typeof listIndex !== 'string' || listIndex === '')) {
    throw invalidOption(
      `listIndex is ${shown(listIndex)}; give the name of an index, or leave it out`,
    );
  }
  checkSwitch(consistentRead, 'consistentRead');
  checkFunction(onWarning, 'onWarning', 'a warning');
  const marginMs = durationMs(options.clockMargin ?? '2s', 'clockMargin');
  if (marginMs < leastMarginMs) {
    throw invalidOption(`clockMargin is ${shown(options.clockMargin)}; give at least '2s'`);
  }
  const graceMs = durationMs(options.ttlGrace ?? '1h', 'ttlGrace');
  if (graceMs < leastGraceMs) {
    throw invalidOption(`ttlGrace is ${shown(options.ttlGrace)}; give at least '1m'`);
  }
  const keys = keySchema(options.partitionKey ?? 'id', options.sortKey);
  const names = checkAttributes(options.attributes ?? {}, keys);
  return {
    client,
    table,
    keys,
    names,
    listIndex,
    marginMs,
    graceMs,
    consistentRead,
    warn(warning) {
      try {
        onWarning(warning);
      } catch {
        // It was told: a request that has had its effect must not fail by it.
      }
    },
  };
}

function checkAttributes(renamed: Partial<AttributeNames>, keys: KeySchema): AttributeNames {
  const names = attributeNames({});
  for (const [attribute, name] of Object.entries(renamed)) {
    if (!(attribute in names)) {
      const all = Object.keys(names).join(', ');
      throw invalidOption(
        `attributes.${attribute} is not an attribute of a record; there are ${all}`,
      );
    }
    if (typeof name !== 'string' || name === '' || Buffer.byteLength(name) > 255) {
      throw invalidOption(
        `attributes.${attribute} is ${shown(name)}; give a name of 1 to 255 bytes`,
      );
    }
  }
  const chosen = attributeNames(renamed);
  const taken = new Set(keys.attributes);
  for (const [attribute, name] of Object.entries(chosen)) {
    if (taken.has(name)) {
      throw invalidOption(
        `two things would be called '${name}'; give attributes.${attribute} a name of its own`,
      );
    }
    taken.add(name);
  }
  return chosen;
}

function emitWarning({ code, message }: DynamodbWarning): void {
  process.emitWarning(message, { type: 'TwiceproofWarning', code: `TWICEPROOF_DYNAMODB_${code}` });
}
