import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { type PowertoolsOptions, powertools } from '../src/index.ts';
import { local } from './local.ts';
import { usePlaces } from './places.ts';

interface Recorded {
  readonly call: string;
  readonly hashed: unknown;
  readonly item: Readonly<Record<string, AttributeValue>>;
}

interface Records {
  readonly function: string;
  readonly dynamodb: Readonly<Record<'typescript 2.35.0' | 'python 3.37.0', readonly Recorded[]>>;
  readonly redis: Readonly<Record<'typescript 2.35.0' | 'python 3.37.0', Record<string, string>>>;
}

const file = join(import.meta.dirname, 'fixtures', 'powertools-records.json');
const records = JSON.parse(readFileSync(file, 'utf8')) as Records;
const places = usePlaces();
const soon = String(Math.floor(Date.now() / 1_000) + 3_600);

const handler = '__main__.run.<locals>.handler';

/** What the call that is written beside a record says of its id. */
function whoseIs(language: 'typescript' | 'python', call: string): object {
  const more = call.includes('sha256') ? { hashFunction: 'sha256' } : {};
  if (/key_?prefix 'my-prefix'/i.test(call)) return { ...more, keyPrefix: 'my-prefix' };
  if (language === 'typescript') return { ...more, belongsTo: 'charge' };
  return { ...more, function: call.includes('charge') ? '__main__.charge' : handler };
}

function adopting(options: object) {
  const fn = vi.fn(async (_hashed: unknown): Promise<unknown> => 'executed again');
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const once = idempotency.wrap(fn, {
    operation: 'charge',
    key: (hashed) => JSON.stringify(hashed),
    adopt: powertools<[unknown]>(options as PowertoolsOptions<[unknown]>),
  });
  return { fn, once };
}

describe.each(['typescript', 'python'] as const)('records of Powertools for %s', (language) => {
  const version = language === 'typescript' ? 'typescript 2.35.0' : 'python 3.37.0';
  const common = { language, lambda: records.function };

  test.each(records.dynamodb[version])('are found and adopted: $call', async (recorded) => {
    const place = await places.open('DynamoDB');
    const client = new DynamoDBClient(local(place.spec.endpoint!));
    const Item = { ...recorded.item, expiration: { N: soon } };
    await client.send(new PutItemCommand({ TableName: place.spec.table, Item }));
    client.destroy();
    const whose = whoseIs(language, recorded.call);
    const { fn, once } = adopting({ ...place.old, ...common, ...whose });
    const expected = recorded.call.includes('undefined')
      ? undefined
      : recorded.call.includes('None')
        ? null
        : recorded.call.includes('idempotent_function')
          ? 'charged o-1'
          : { ok: true, total: 12.5, receipt: 'r-1' };
    expect(await once(recorded.hashed)).toStrictEqual(expected);
    expect(fn).not.toHaveBeenCalled();
  });

  test('are found and adopted in Redis', async () => {
    const place = await places.open('Redis');
    const redis = new Redis(place.spec.redis!);
    for (const [id, text] of Object.entries(records.redis[version])) {
      await redis.set(id, text.replace(/("expiration": ?)\d+/, `$1${soon}`));
    }
    redis.disconnect();
    const whose =
      language === 'python' ? { function: '__main__.handler' } : { belongsTo: 'charge' };
    const { fn, once } = adopting({ ...place.old, ...common, ...whose });
    expect(await once('o-1')).toStrictEqual({ ok: true, total: 12.5, receipt: 'r-1' });
    expect(fn).not.toHaveBeenCalled();
  });
});
