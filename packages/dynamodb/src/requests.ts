import {
  GetItemCommand,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { explained } from './faults.ts';
import type { Item } from './item.ts';
import type { Settings } from './options.ts';
import type { Send } from './send.ts';
import type { ObservableCommand } from './service-date.ts';

/** What became of a conditional write: done, or refused with the item that stood in its way. */
export type WriteAnswer =
  | { readonly written: true; readonly before: Item | undefined }
  | { readonly written: false; readonly found: Item | undefined };

/** The requests that the store makes. A signal that aborts ends them. */
export interface Requests {
  get(key: Item, signal: AbortSignal | undefined): Promise<Item | undefined>;
  put(
    write: Pick<
      PutItemCommandInput,
      'Item' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
    signal: AbortSignal | undefined,
  ): Promise<WriteAnswer>;
  /** Answers the item as it was before; every caller knows what it wrote. */
  update(
    write: Pick<
      UpdateItemCommandInput,
      | 'Key'
      | 'UpdateExpression'
      | 'ConditionExpression'
      | 'ExpressionAttributeNames'
      | 'ExpressionAttributeValues'
      | 'ReturnValues'
    >,
    signal: AbortSignal | undefined,
  ): Promise<WriteAnswer>;
  query(
    input: Omit<QueryCommandInput, 'TableName'>,
    signal: AbortSignal | undefined,
  ): Promise<Page>;
  scan(input: Omit<ScanCommandInput, 'TableName'>, signal: AbortSignal | undefined): Promise<Page>;
}

export interface Page {
  readonly items: readonly Item[];
  readonly lastKey: Item | undefined;
}

export function createRequests(
  send: Send,
  { table, consistentRead }: Pick<Settings, 'table' | 'consistentRead'>,
): Requests {
  // Classes of our own: a client with `cacheMiddleware` keeps one handler per class, and what we
  // add to ours must not end up in the user's.
  class Get extends GetItemCommand {}
  class Put extends PutItemCommand {}
  class Update extends UpdateItemCommand {}
  class PageQuery extends QueryCommand {}
  class PageScan extends ScanCommand {}

  const write = async <Output extends { Attributes?: Item | undefined }>(
    action: string,
    command: ObservableCommand,
    signal: AbortSignal | undefined,
  ): Promise<WriteAnswer> => {
    try {
      const output = await send<Output>(command, signal);
      return { written: true, before: output.Attributes };
    } catch (error) {
      if ((error as Error)?.name !== 'ConditionalCheckFailedException') {
        throw explained(error, table, action);
      }
      return { written: false, found: (error as { Item?: Item }).Item };
    }
  };

  const read = async <Output>(
    action: string,
    command: ObservableCommand,
    signal: AbortSignal | undefined,
  ): Promise<Output> => {
    try {
      return await send<Output>(command, signal);
    } catch (error) {
      throw explained(error, table, action);
    }
  };

  return {
    async get(key, signal) {
      const command = new Get({ TableName: table, Key: key, ConsistentRead: consistentRead });
      return (await read<GetItemCommandOutput>('GetItem', command, signal)).Item;
    },
    put(input, signal) {
      const command = new Put({
        TableName: table,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...input,
      });
      return write('PutItem', command, signal);
    },
    update(input, signal) {
      const command = new Update({
        TableName: table,
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...input,
      });
      return write<UpdateItemCommandOutput>('UpdateItem', command, signal);
    },
    async query(input, signal) {
      const command = new PageQuery({ TableName: table, ...input });
      const output = await read<ScanCommandOutput>('Query', command, signal);
      return { items: output.Items ?? [], lastKey: output.LastEvaluatedKey };
    },
    async scan(input, signal) {
      const command = new PageScan({ TableName: table, ...input });
      const output = await read<ScanCommandOutput>('Scan', command, signal);
      return { items: output.Items ?? [], lastKey: output.LastEvaluatedKey };
    },
  };
}
