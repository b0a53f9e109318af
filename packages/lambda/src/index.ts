export { dynamodbStreamBatch } from './dynamodb-stream-batch.ts';
export { eventId } from './event-id.ts';
export { type HandlerOptions, idempotentHandler } from './idempotent-handler.ts';
export type { BatchResponse } from './item-failures.ts';
export { kinesisBatch } from './kinesis-batch.ts';
export type { InvocationOptions, RecordsOptions } from './options.ts';
export { s3Records } from './s3-records.ts';
export { snsRecords } from './sns-records.ts';
export { type SqsOptions, sqsBatch } from './sqs-batch.ts';
