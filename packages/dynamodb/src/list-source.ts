import type { RecordQuery } from '@twiceproof/core';
import { type Attribute, listedAttributes } from './attributes.ts';
import { aliasesOf, expression } from './expression.ts';
import { type Item, number, stateOf } from './item.ts';
import type { Page } from './requests.ts';
import type { StoreContext } from './store-context.ts';

/** Where the records of a query are read, and what makes up a place to go on from. */
export interface ListSource {
  readonly place: ReadonlyMap<string, 'S' | 'N'>;
  read(from: Item | undefined, signal: AbortSignal | undefined): Promise<Page>;
}

/** Items that one request looks at: bounds what it reads and costs. */
const mostItems = 1_000;

/** A Query of the index where the query names an operation, a Query of the one partition where all
 * records are in one, a Scan otherwise. */
export function sourceOf(context: StoreContext, query: RecordQuery): ListSource {
  const { settings, layout, requests } = context;
  const { keys, names } = layout;
  const { listIndex } = settings;
  const isIndexed = listIndex !== undefined && query.operation !== undefined;
  const filter = filterOf(context, query, isIndexed);
  const keyCondition = isIndexed
    ? indexCondition(query)
    : keys.onePartition !== undefined
      ? { conditions: ['#pk = :pk'], values: { ':pk': { S: keys.onePartition } } }
      : undefined;

  const listed: Attribute[] = [...listedAttributes, 'operation', 'startedAt'];
  if (keys.keepsRecordId) listed.push('recordId');
  // Indexes have no use for it: what a deletion leaves is in none.
  if (!isIndexed) listed.push('deletedAt');
  const keyNames = keys.sortKey === undefined ? '#pk' : '#pk, #sk';
  const attributes = listed.map((attribute) => `#${attribute}`).join(', ');

  const { idPrefix, text, environment, scope, run, workflow } = query;
  // What is compared here and not by DynamoDB.
  const isNarrowed = [idPrefix, text, environment, scope, run, workflow].some(
    (asked) => asked !== undefined,
  );
  const isUnfiltered = filter.conditions.length === 1 && !isNarrowed;
  const narrowing = expression(layout, filter.conditions.join(' AND '));
  const projection = expression(layout, `${keyNames}, ${attributes}`);
  const condition = keyCondition && expression(layout, keyCondition.conditions.join(' AND '));
  const values = { ...filter.values, ...keyCondition?.values };
  const input = {
    FilterExpression: narrowing.text,
    ProjectionExpression: projection.text,
    ...aliasesOf(narrowing, projection, ...(condition ? [condition] : [])),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    Limit: isUnfiltered ? query.limit : mostItems,
  };

  return {
    place: placeOf(
      isIndexed ? [...keys.attributes, names.operation, names.startedAt] : keys.attributes,
      names.startedAt,
    ),
    read(from, signal) {
      const request = { ...input, ...(from !== undefined && { ExclusiveStartKey: from }) };
      if (condition === undefined) {
        return requests.scan({ ...request, ConsistentRead: true }, signal);
      }
      const asked = { ...request, KeyConditionExpression: condition.text };
      return isIndexed
        ? requests.query({ ...asked, IndexName: listIndex }, signal)
        : requests.query({ ...asked, ConsistentRead: true }, signal);
    },
  };
}

function placeOf(attributes: readonly string[], startedAt: string): ListSource['place'] {
  return new Map(attributes.map((name) => [name, name === startedAt ? 'N' : 'S']));
}

interface Conditions {
  readonly conditions: readonly string[];
  readonly values: Item;
}

/** What DynamoDB filters; keys of what is queried may not be among it, and what is packed cannot be. */
function filterOf(
  { settings, clock }: StoreContext,
  query: RecordQuery,
  isIndexed: boolean,
): Conditions {
  // Other items of a single-table design have no claim, nor has what a deletion leaves.
  const conditions = ['attribute_exists(#claim) AND attribute_not_exists(#copyUntil)'];
  const values: Item = {};
  const isInProgress = () => {
    conditions.push('begins_with(#state, :inProgress)');
    values[':inProgress'] = stateOf('in_progress');
  };
  if (query.status !== undefined) {
    conditions.push('begins_with(#state, :status)');
    values[':status'] = stateOf(query.status);
  }
  if (query.held) conditions.push('attribute_not_exists(#expiresAt)');
  if (query.unknown) {
    isInProgress();
    conditions.push('attribute_exists(#end)');
  }
  if (query.stuck || query.held) {
    isInProgress();
    conditions.push('(#leaseUntil <= :over OR attribute_exists(#end))');
    values[':over'] = number(clock.now() - settings.marginMs);
  }
  if (isIndexed) return { conditions, values };
  if (query.operation !== undefined) {
    conditions.push('#operation = :operation');
    values[':operation'] = { S: query.operation };
  }
  if (query.startedAfter !== undefined) {
    conditions.push('#startedAt >= :startedAfter');
    values[':startedAfter'] = number(query.startedAfter);
  }
  if (query.startedBefore !== undefined) {
    conditions.push('#startedAt < :startedBefore');
    values[':startedBefore'] = number(query.startedBefore);
  }
  return { conditions, values };
}

/** A key condition takes one comparison of the sort key; these are whole milliseconds. */
function indexCondition({ operation, startedAfter, startedBefore }: RecordQuery): Conditions {
  const values: Item = { ':operation': { S: operation! } };
  const conditions = ['#operation = :operation'];
  const first = Math.ceil(startedAfter ?? 0);
  if (startedBefore !== undefined) {
    conditions.push('#startedAt BETWEEN :first AND :last');
    values[':first'] = number(first);
    // Nothing started between two bounds that have changed places; DynamoDB would refuse them.
    values[':last'] = number(Math.max(first, Math.ceil(startedBefore) - 1));
  } else if (startedAfter !== undefined) {
    conditions.push('#startedAt >= :first');
    values[':first'] = number(first);
  }
  return { conditions, values };
}
