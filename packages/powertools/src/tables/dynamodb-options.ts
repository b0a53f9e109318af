import type { OldAttributes } from './old-table.ts';

/** What is needed of a client: that it sends commands of `@aws-sdk/client-dynamodb` 3. */
export interface DynamodbClient {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** A table of DynamoDB that Powertools keeps its records in. */
export interface OldDynamodb extends OldAttributes {
  readonly client: DynamodbClient;
  readonly table: string;
  /** Name of the partition key. Default `'id'`. */
  readonly keyAttr?: string | undefined;
  /** Name of the sort key, where the ids are sort keys. Default: there is none. */
  readonly sortKeyAttr?: string | undefined;
  /** Value of the partition key beside a sort key. Default: `idempotency#` and the Lambda's name. */
  readonly staticPkValue?: string | undefined;
}
