/** Old code: functions that AWS Powertools for TypeScript makes idempotent. */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClient } from '@redis/client';
import { Redis } from 'ioredis';
import { local } from '../local.ts';
import type { FunctionSpec, PlaceSpec, Said } from './requests.ts';
import { serve } from './serve.ts';

type Layer = DynamoDBPersistenceLayer | CachePersistenceLayer;
type Ran = { ran: boolean };
type Old = (event: unknown, ran: Ran) => Promise<unknown>;

console.warn = () => {};

const functions = new Map<string, Promise<Old>>();

serve(async (request) => {
  if ('key' in request) return { hash: hashOf(request.key, request.hash) };
  const { spec, event } = request;
  const name = JSON.stringify(spec);
  if (!functions.has(name)) functions.set(name, open(spec));
  const old = await functions.get(name)!;
  const ran = { ran: false };
  const said: Said = await old(event, ran).then(
    (result) => ({ result }),
    (error: Error) => {
      if (error.name === 'IdempotencyAlreadyInProgressError') return { inProgress: true };
      if (error.name === 'IdempotencyValidationError') return { mismatch: true };
      return { error: `${error.name}: ${error.message}` };
    },
  );
  return { ...said, ran: ran.ran };
});

async function open(spec: FunctionSpec): Promise<Old> {
  const layer = await layerOf(spec.place);
  const effects = spec.effects === undefined ? undefined : new Redis(spec.effects);
  const config = new IdempotencyConfig((spec.config ?? {}) as never);
  const { keyPrefix, remaining = 30_000 } = spec;
  return (event, ran) => {
    // Of each call its own, as Powertools sees it: the same function, config and layer.
    const charge = async (given: unknown): Promise<unknown> => {
      ran.ran = true;
      if (effects) {
        const { id } = given as { id: string };
        return { id, by: process.pid, number: await effects.hincrby('effects', id, 1) };
      }
      if (spec.raises !== undefined) throw new Error(spec.raises);
      return spec.result;
    };
    const made = makeIdempotent(
      charge as never,
      { persistenceStore: layer, config, keyPrefix } as never,
    );
    const context = { getRemainingTimeInMillis: () => remaining };
    const args = spec.function ? [event] : [event, context];
    return Reflect.apply(made, undefined, args) as Promise<unknown>;
  };
}

async function layerOf(place: PlaceSpec): Promise<Layer> {
  if (place.redis !== undefined) {
    const client = await createClient({ url: place.redis }).connect();
    return new CachePersistenceLayer({ client: client as never });
  }
  const { table, sortKeyAttr, endpoint } = place;
  const awsSdkV3Client = new DynamoDBClient(local(endpoint!));
  return new DynamoDBPersistenceLayer({
    tableName: table!,
    awsSdkV3Client,
    ...(sortKeyAttr !== undefined && { sortKeyAttr }),
  } as never);
}

function hashOf(key: unknown, hashFunction = 'md5'): string {
  const client = new DynamoDBClient({ region: 'eu-west-1' });
  const layer = new DynamoDBPersistenceLayer({ tableName: 'none', awsSdkV3Client: client });
  const config = new IdempotencyConfig({ hashFunction });
  layer.configure({ config, keyPrefix: 'p' });
  return (layer as unknown as { getHashedIdempotencyKey(data: unknown): string })
    .getHashedIdempotencyKey(key)
    .slice(2);
}
