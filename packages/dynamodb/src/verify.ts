import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import { listedAttributes } from './attributes.ts';
import type { Settings } from './options.ts';
import type { StoreContext } from './store-context.ts';
import type { TableSchema } from './table-schema.ts';

/** Something about the table that does not fit the options, and what to do about it. */
export interface TableProblem {
  readonly code:
    | 'TABLE_MISSING'
    | 'TABLE_NOT_ACTIVE'
    | 'KEY_SCHEMA'
    | 'TTL_DISABLED'
    | 'TTL_ATTRIBUTE'
    | 'INDEX_MISSING'
    | 'INDEX_SCHEMA'
    | 'INDEX_PROJECTION'
    | 'CLOCK_OFFSET';
  readonly message: string;
}

/** What `verify()` found. */
export interface TableReport {
  readonly table: string;
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  readonly problems: readonly TableProblem[];
  /** How far this machine's clock is from the service's, in milliseconds; 0 while it agrees. */
  readonly clockOffsetMs: number;
  readonly clockMarginMs: number;
}

/** Compares the table with the options. Changes nothing. */
export async function verify(context: StoreContext, schema: TableSchema): Promise<TableReport> {
  const { settings, clock } = context;
  const problems = await problemsOf(settings, schema);
  const clockOffsetMs = clock.offsetMs();
  if (Math.abs(clockOffsetMs) > settings.marginMs) {
    problems.push({
      code: 'CLOCK_OFFSET',
      message: `this machine's clock is ${clockOffsetMs} ms away from DynamoDB's: let NTP set it`,
    });
  }
  return {
    table: settings.table,
    ok: problems.length === 0,
    problems,
    clockOffsetMs,
    clockMarginMs: settings.marginMs,
  };
}

async function problemsOf(settings: Settings, schema: TableSchema): Promise<TableProblem[]> {
  const { table, names } = settings;
  const description = await schema.describe();
  if (description === undefined) {
    const message = `table '${table}' is not there, in the client's region and account: create it with setup(), or correct the table option or the client's region`;
    return [{ code: 'TABLE_MISSING', message }];
  }
  const problems: TableProblem[] = [];
  const { TableStatus } = description;
  if (TableStatus !== 'ACTIVE' && TableStatus !== 'UPDATING') {
    const message = `table '${table}' is ${TableStatus}: wait until it is ACTIVE`;
    problems.push({ code: 'TABLE_NOT_ACTIVE', message });
  }
  problems.push(...keyProblems(settings, description), ...indexProblems(settings, description));
  const { TimeToLiveStatus: status, AttributeName } = (await schema.describeTimeToLive()) ?? {};
  if (status !== 'ENABLED' && status !== 'ENABLING') {
    const message = `table '${table}' has no time to live, so it only grows: turn it on for attribute '${names.ttl}', or run setup()`;
    problems.push({ code: 'TTL_DISABLED', message });
  } else if (AttributeName !== names.ttl) {
    const message = `the time to live of table '${table}' reads attribute '${AttributeName}': set attributes.ttl to '${AttributeName}'`;
    problems.push({ code: 'TTL_ATTRIBUTE', message });
  }
  return problems;
}

function keyProblems({ table, keys }: Settings, description: TableDescription): TableProblem[] {
  const expected = `partition key '${keys.partitionKey}' (S)${
    keys.sortKey === undefined ? '' : `, sort key '${keys.sortKey}' (S)`
  }`;
  const found = described(description, description.KeySchema);
  if (found === expected) return [];
  const message = `table '${table}' has ${found}, but the options say ${expected}: make partitionKey and sortKey fit the table; both must be text`;
  return [{ code: 'KEY_SCHEMA', message }];
}

function indexProblems(settings: Settings, description: TableDescription): TableProblem[] {
  const { table, names, keys, listIndex } = settings;
  if (listIndex === undefined) return [];
  const index = description.GlobalSecondaryIndexes?.find(
    ({ IndexName }) => IndexName === listIndex,
  );
  if (index === undefined) {
    const message = `table '${table}' has no index '${listIndex}': add it, or leave listIndex out`;
    return [{ code: 'INDEX_MISSING', message }];
  }
  const expected = `partition key '${names.operation}' (S), sort key '${names.startedAt}' (N)`;
  const found = described(description, index.KeySchema);
  if (found !== expected) {
    const message = `index '${listIndex}' has ${found}, but listing needs ${expected}`;
    return [{ code: 'INDEX_SCHEMA', message }];
  }
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
  const needed = listedAttributes.map((attribute) => names[attribute]);
  if (keys.keepsRecordId) needed.push(names.recordId);
  const missing = needed.filter((name) => !NonKeyAttributes.includes(name));
  if (ProjectionType === 'ALL' || missing.length === 0) return [];
  const message = `index '${listIndex}' leaves out ${missing.join(', ')}: project all attributes, or these too`;
  return [{ code: 'INDEX_PROJECTION', message }];
}

function described(
  { AttributeDefinitions = [] }: TableDescription,
  keys: readonly KeySchemaElement[] = [],
): string {
  const one = (type: string, label: string) => {
    const name = keys.find(({ KeyType }) => KeyType === type)?.AttributeName;
    if (name === undefined) return [];
    const kind = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    return [`${label} '${name}' (${kind?.AttributeType})`];
  };
  return [...one('HASH', 'partition key'), ...one('RANGE', 'sort key')].join(', ');
}
