/** New code: the same function on Twiceproof, alongside the old. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { powertools } from '@twiceproof/powertools';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { local } from '../local.ts';
import type { FunctionSpec } from './requests.ts';
import { serve } from './serve.ts';

type Event = { readonly id: string };

const functions = new Map<string, (event: Event) => Promise<unknown>>();

serve(async (request) => {
  if ('key' in request) return { error: 'new code has no such hash' };
  const { spec, event } = request;
  const name = JSON.stringify(spec);
  const charge = functions.get(name) ?? open(spec);
  functions.set(name, charge);
  try {
    return { result: await charge(event as Event) };
  } catch (error) {
    if (isIdempotencyError(error, 'IN_PROGRESS')) return { inProgress: true };
    throw error;
  }
});

function open(spec: FunctionSpec): (event: Event) => Promise<unknown> {
  const { place, adopts, own, effects: counted } = spec;
  const effects = new Redis(counted!);
  const idempotency = createIdempotency({
    environment: 'test',
    store: redisStore({ client: new Redis(own!), prefix: 'new' }),
  });
  const at = place.redis
    ? { redis: { client: new Redis(place.redis) } }
    : {
        dynamodb: {
          client: new DynamoDBClient(local(place.endpoint!)),
          table: place.table!,
          sortKeyAttr: place.sortKeyAttr,
        },
      };
  return idempotency.wrap(
    async ({ id }: Event) => ({
      id,
      by: process.pid,
      number: await effects.hincrby('effects', id, 1),
    }),
    {
      operation: 'charge',
      key: ({ id }) => id,
      adopt: powertools<[Event]>({
        ...at,
        lambda: 'orders-fn',
        key: 'id',
        alongside: true,
        ...(adopts === 'python'
          ? { language: 'python', function: 'app.charge' }
          : { language: 'typescript', belongsTo: 'charge' }),
      }),
    },
  );
}
