/**
 * What the store needs of a client: that it sends commands of `@aws-sdk/client-dynamodb` 3.
 * A `DynamoDBClient` is one.
 */
export interface DynamodbClient {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}
