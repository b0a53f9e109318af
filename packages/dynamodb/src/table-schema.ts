import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DescribeTableCommandOutput,
  DescribeTimeToLiveCommand,
  type DescribeTimeToLiveCommandOutput,
  type TableDescription,
  type TimeToLiveDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { listedAttributes } from './attributes.ts';
import { explained } from './faults.ts';
import type { Settings } from './options.ts';
import type { Send } from './send.ts';

/** The requests about the table itself, which only setup and verification make. */
export interface TableSchema {
  /** Undefined if there is no such table. */
  describe(): Promise<TableDescription | undefined>;
  /** Undefined if there is no such table. */
  describeTimeToLive(): Promise<TimeToLiveDescription | undefined>;
  /** Creates the table, unless somebody else did so just now. */
  create(): Promise<void>;
  /** Turns time to live on, unless somebody else did so just now. */
  enableTimeToLive(): Promise<void>;
}

export function tableSchema(send: Send, settings: Settings): TableSchema {
  const { table, names } = settings;

  /** Runs a request; answers undefined where the fault is one that is expected. */
  const ask = async <T>(action: string, expected: string, request: () => Promise<T>) => {
    try {
      return await request();
    } catch (fault) {
      if ((fault as Error)?.name === expected) return undefined;
      throw explained(fault, table, action);
    }
  };

  return {
    async describe() {
      const answer = await ask('DescribeTable', 'ResourceNotFoundException', () =>
        send<DescribeTableCommandOutput>(new DescribeTableCommand({ TableName: table })),
      );
      return answer?.Table;
    },
    async describeTimeToLive() {
      const answer = await ask('DescribeTimeToLive', 'ResourceNotFoundException', () =>
        send<DescribeTimeToLiveCommandOutput>(new DescribeTimeToLiveCommand({ TableName: table })),
      );
      return answer?.TimeToLiveDescription;
    },
    async create() {
      await ask('CreateTable', 'ResourceInUseException', () =>
        send(new CreateTableCommand(definition(settings))),
      );
    },
    async enableTimeToLive() {
      await ask('UpdateTimeToLive', 'ValidationException', () =>
        send(
          new UpdateTimeToLiveCommand({
            TableName: table,
            TimeToLiveSpecification: { Enabled: true, AttributeName: names.ttl },
          }),
        ),
      );
    },
  };
}

function definition({ table, keys, names, listIndex }: Settings): CreateTableCommandInput {
  const text = (name: string) => ({ AttributeName: name, AttributeType: 'S' }) as const;
  const hash = (name: string) => ({ AttributeName: name, KeyType: 'HASH' }) as const;
  const range = (name: string) => ({ AttributeName: name, KeyType: 'RANGE' }) as const;
  const primary: CreateTableCommandInput = {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.attributes.map(text),
    KeySchema:
      keys.sortKey === undefined
        ? [hash(keys.partitionKey)]
        : [hash(keys.partitionKey), range(keys.sortKey)],
  };
  if (listIndex === undefined) return primary;
  const listed = listedAttributes.map((attribute) => names[attribute]);
  if (keys.keepsRecordId) listed.push(names.recordId);
  return {
    ...primary,
    AttributeDefinitions: [
      ...primary.AttributeDefinitions!,
      text(names.operation),
      { AttributeName: names.startedAt, AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: listIndex,
        KeySchema: [hash(names.operation), range(names.startedAt)],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: listed },
      },
    ],
  };
}
