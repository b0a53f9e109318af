import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { IdempotencyError } from '@twiceproof/core';

/** Attributes of an item, as the client takes and answers them. */
type Attributes = Record<string, AttributeValue>;

/** An attribute of the table's primary key, and what it holds for a record. */
export type KeyAttribute =
  /** The record id, with something in front of it where `prefix` is given. */
  | { readonly name: string; readonly prefix?: string | undefined }
  /** The same text for every record, or what the function makes of the record id. */
  | { readonly name: string; readonly value: string | ((recordId: string) => string) };

/** The table's primary key, and the way from a record id to it and back. */
export interface KeySchema {
  readonly partitionKey: string;
  readonly sortKey: string | undefined;
  /** The names above. */
  readonly attributes: readonly string[];
  /** Whether items must hold the record id in an attribute of their own. */
  readonly keepsRecordId: boolean;
  /** What every record's partition key holds, where it is the same for all. */
  readonly onePartition: string | undefined;
  of(recordId: string): Attributes;
  /** The record id in the keys of an item; undefined if it is not of this form. */
  recordIdIn(item: Attributes): string | undefined;
  /** The key attribute that begins with the record id, and what stands before it. */
  readonly idAttribute: { readonly name: string; readonly prefix: string } | undefined;
}

// What DynamoDB allows for each.
const largestPartitionKeyBytes = 2_048;
const largestSortKeyBytes = 1_024;

export function keySchema(
  partition: string | KeyAttribute,
  sort: KeyAttribute | undefined,
): KeySchema {
  const partitionKey = parse(partition, 'partitionKey');
  const sortKey = sort && parse(sort, 'sortKey');
  if (partitionKey.name === sortKey?.name) {
    throw invalid(`partitionKey and sortKey are both called '${sortKey.name}'`);
  }
  const sample = (key: ParsedKey) => key.valueOf('a') !== key.valueOf('b');
  if (!sample(partitionKey) && !(sortKey && sample(sortKey))) {
    throw invalid(
      'partitionKey and sortKey are the same for every record; let one of them hold the record id',
    );
  }
  const idKey = [partitionKey, sortKey].find((key) => key?.prefix !== undefined);
  const idAttribute = idKey && { name: idKey.name, prefix: idKey.prefix! };
  return {
    partitionKey: partitionKey.name,
    sortKey: sortKey?.name,
    attributes: sortKey ? [partitionKey.name, sortKey.name] : [partitionKey.name],
    keepsRecordId: idAttribute === undefined,
    onePartition: partitionKey.fixed,
    idAttribute,
    of(recordId) {
      const hash = checked(partitionKey, recordId, largestPartitionKeyBytes);
      if (sortKey === undefined) return { [partitionKey.name]: { S: hash } };
      const range = checked(sortKey, recordId, largestSortKeyBytes);
      return { [partitionKey.name]: { S: hash }, [sortKey.name]: { S: range } };
    },
    recordIdIn(item) {
      if (idAttribute === undefined) return undefined;
      const value = item[idAttribute.name]?.S;
      return value?.startsWith(idAttribute.prefix)
        ? value.slice(idAttribute.prefix.length)
        : undefined;
    },
  };
}

interface ParsedKey {
  readonly option: string;
  readonly name: string;
  readonly valueOf: (recordId: string) => string;
  /** Set when the value is this and then the record id. */
  readonly prefix: string | undefined;
  readonly fixed: string | undefined;
}

function parse(key: string | KeyAttribute, option: string): ParsedKey {
  if (typeof key === 'string') return parse({ name: key }, option);
  if (typeof key?.name !== 'string' || key.name === '') {
    throw invalid(`${option} has no name; give the name of the table's key attribute`);
  }
  const { name } = key;
  if (!('value' in key)) {
    const prefix = key.prefix ?? '';
    if (typeof prefix !== 'string') throw invalid(`${option}.prefix must be text`);
    return { option, name, prefix, fixed: undefined, valueOf: (id) => prefix + id };
  }
  const { value } = key;
  if (typeof value === 'function') {
    return { option, name, prefix: undefined, fixed: undefined, valueOf: value };
  }
  if (typeof value !== 'string' || value === '') {
    throw invalid(`${option}.value must be text, or a function of the record id`);
  }
  return { option, name, prefix: undefined, fixed: value, valueOf: () => value };
}

function checked(key: ParsedKey, recordId: string, mostBytes: number): string {
  const value = key.valueOf(recordId);
  if (typeof value !== 'string' || value === '') {
    throw invalid(`${key.option}.value answered no text for ${recordId}`, recordId);
  }
  // No character takes more than three bytes per code unit.
  if (value.length * 3 > mostBytes && Buffer.byteLength(value) > mostBytes) {
    throw invalid(
      `${key.option} of ${recordId} has ${Buffer.byteLength(value)} bytes, and DynamoDB takes ${mostBytes}; use shorter names for environment and operation`,
      recordId,
    );
  }
  return value;
}

function invalid(message: string, recordId?: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}
