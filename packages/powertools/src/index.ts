export { powertools } from './adoption.ts';
export type { OldPlace, PowertoolsOptions, SharedRecord } from './adoption-options.ts';
export { countOldRecords, type OldRecordCount } from './count-old-records.ts';
export type { Language } from './identity/old-hash.ts';
export type { OldFunction } from './identity/old-prefix.ts';
export { pythonJson } from './identity/python-json.ts';
export { type PythonFloat, pythonFloat } from './identity/python-number.ts';
export type { JmesPathFunctions } from './identity/select.ts';
export {
  type MadeIdempotent,
  type MakeIdempotentAdoption,
  type MakeIdempotentOptions,
  makeIdempotent,
} from './make-idempotent.ts';
export type { PowertoolsConfig } from './powertools-config.ts';
export type { DynamodbClient, OldDynamodb } from './tables/dynamodb-options.ts';
export type { OldAttributes } from './tables/old-table.ts';
export type { OldRedis, RedisClient } from './tables/redis-client.ts';
