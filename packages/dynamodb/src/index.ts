export type { AttributeNames } from './attributes.ts';
export type { DynamodbClient } from './client.ts';
export { type DynamodbStore, dynamodbStore } from './dynamodb-store.ts';
export type { KeyAttribute } from './keys.ts';
export type { DynamodbStoreOptions, DynamodbWarning } from './options.ts';
export type { TableProblem, TableReport } from './verify.ts';
