import type { RecordQuery } from '@twiceproof/core';
import { type Attribute, listedAttributes } from './attributes.ts';
import { namesIn } from './expression.ts';
import { foreverMs, type Item, number } from './item.ts';
import type { Page } from './requests.ts';
import type { Table } from './table.ts';

/** Where the records of a query are read, and what makes up a place to go on from. */
export interface ListSource {
  readonly place: ReadonlyMap<string, 'S' | 'N'>;
  read(from: Item | undefined, signal: AbortSignal | undefined): Promise<Page>;
}

/** Items that one request looks at: bounds what it reads and costs. */
const mostItems = 1_000;

/** A Query of the index where the query names an operation, a Query of the one partition where all
 * records are in one, a Scan otherwise. */
export function sourceOf(table: Table, query: RecordQuery): ListSource {
  const { settings, layout, requests } = table;
  const { keys, names } = layout;
  const { listIndex } = settings;
  const isIndexed = listIndex !== undefined && query.operation !== undefined;
  const filter = filterOf(table, query, isIndexed);
  const keyCondition = isIndexed
    ? indexCondition(query)
    : keys.onePartition !== undefined
      ? { conditions: ['#pk = :pk'], values: { ':pk': { S: keys.onePartition } } }
      : undefined;

  const listed: Attribute[] = [...listedAttributes, 'operation', 'startedAt'];
  if (keys.keepsRecordId) listed.push('recordId');
  // Indexes have no use for it: what a deletion leaves is in none.
  if (!isIndexed) listed.push('deletedAt');
  const projection = listed.map((attribute) => `#${attribute}`).join(', ');
  const keyNames = keys.sortKey === undefined ? '#pk' : '#pk, #sk';

  const isUnfiltered =
    filter.conditions.length === 1 && query.idPrefix === undefined && query.text === undefined;
  const FilterExpression = filter.conditions.join(' AND ');
  const KeyConditionExpression = keyCondition?.conditions.join(' AND ');
  const ProjectionExpression = `${keyNames}, ${projection}`;
  const values = { ...filter.values, ...keyCondition?.values };
  const input = {
    FilterExpression,
    ProjectionExpression,
    ExpressionAttributeNames: namesIn(
      layout,
      FilterExpression,
      ProjectionExpression,
      KeyConditionExpression ?? '',
    ),
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
      if (KeyConditionExpression === undefined) {
        return requests.scan({ ...request, ConsistentRead: true }, signal);
      }
      const asked = { ...request, KeyConditionExpression };
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

/** Everything that DynamoDB can filter; keys of what is queried may not be among it. */
function filterOf({ settings, clock }: Table, query: RecordQuery, isIndexed: boolean): Conditions {
  // Other items of a single-table design, and what a deletion leaves, have no format.
  const conditions = ['attribute_exists(#formatVersion)'];
  const values: Item = {};
  const equal = (attribute: Attribute, text: string | undefined) => {
    if (text === undefined) return;
    conditions.push(`#${attribute} = :${attribute}`);
    values[`:${attribute}`] = { S: text };
  };
  equal('environment', query.environment);
  equal('scope', query.scope);
  equal('status', query.status);
  if (query.run !== undefined) {
    conditions.push('#run = :run');
    values[':run'] = number(query.run);
  }
  if (query.workflow !== undefined) {
    conditions.push('#workflow.workflowId = :workflow');
    values[':workflow'] = { S: query.workflow };
  }
  if (query.held) {
    // A renewal cannot leave an expiry out: it writes one that is as good as never.
    conditions.push('(attribute_not_exists(#expiresAt) OR #expiresAt > :farAway)');
    values[':farAway'] = number(clock.now() + foreverMs / 2);
  }
  if (query.unknown) {
    conditions.push('#status = :inProgress', 'attribute_exists(#ending)');
    values[':inProgress'] = { S: 'in_progress' };
  }
  if (query.stuck || query.held) {
    conditions.push('#status = :inProgress', '(#leaseUntil <= :over OR attribute_exists(#ending))');
    values[':inProgress'] = { S: 'in_progress' };
    values[':over'] = number(clock.now() - settings.marginMs);
  }
  if (isIndexed) return { conditions, values };
  equal('operation', query.operation);
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
