import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import type { RedisStoreOptions } from './options.ts';
import { redisStore } from './redis-store.ts';

const client = new Redis({ lazyConnect: true });
afterAll(() => client.disconnect());

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'redisStore was given undefined; give an object of options'],
  ['no client', {}, 'client has no setBuffer()'],
  ['another kind of client', { client: { get: () => {} } }, 'give a client of ioredis'],
  ['an unknown option', { client, lease: '1s' }, "no option 'lease'"],
  ['an empty prefix', { client, prefix: '' }, 'prefix is ""'],
  ['a hash tag', { client, prefix: '{twiceproof}' }, 'without braces'],
  ['a wrong grace', { client, grace: '1 hour' }, "grace is '1 hour'"],
  ['a wrong limit', { client, maxRecordBytes: 0 }, 'maxRecordBytes is 0'],
  ['too large a limit', { client, maxRecordBytes: 2 ** 40 }, 'from 1 to 268435456'],
  ['notify in words', { client, notify: 'yes' }, "notify is 'yes'; give true or false"],
  ['no replicas', { client, wait: { replicas: 0, timeout: '1s' } }, 'wait.replicas is 0'],
  ['no timeout', { client, wait: { replicas: 1 } }, 'wait.timeout is undefined'],
])('%s is refused, and the message says what to do', (...[, options, message]) => {
  const make = () => redisStore(options as RedisStoreOptions);
  expect(make).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  expect(make).toThrow(message);
});

test('sane defaults need only a client', () => {
  const store = redisStore({ client });
  expect(store).toMatchObject({ name: 'redis', limits: { maxRecordBytes: 8 * 1024 * 1024 } });
});
