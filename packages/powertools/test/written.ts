import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { Redis } from 'ioredis';
import { local } from './local.ts';
import type { Place } from './places.ts';
import { lambda } from './program.ts';

/** What is to be found in an old table. */
export interface Written {
  readonly id: string;
  readonly status: string;
  readonly expiration: number;
  readonly inProgressExpiration?: number;
  readonly data?: unknown;
  readonly validation?: string;
}

/** Writes a record as Powertools for TypeScript leaves it, for states that it takes long to get into. */
export async function written({ spec }: Place, record: Written): Promise<void> {
  const { id, inProgressExpiration, ...fields } = record;
  const item = { ...fields, in_progress_expiration: inProgressExpiration };
  if (spec.redis !== undefined) {
    const redis = new Redis(spec.redis);
    await redis.set(id, JSON.stringify(item), 'EX', 600);
    redis.disconnect();
    return;
  }
  const { sortKeyAttr } = spec;
  const key = sortKeyAttr ? { id: `idempotency#${lambda}`, [sortKeyAttr]: id } : { id };
  const client = new DynamoDBClient(local(spec.endpoint!));
  const Item = marshall({ ...key, ...item }, { removeUndefinedValues: true });
  await client.send(new PutItemCommand({ TableName: spec.table, Item }));
  client.destroy();
}
