import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { createIdempotency } from '../create-idempotency.ts';
import { forgetKnownKeys, KnownKeys } from './known-keys.ts';

test('an id is known by its key, for each operation apart', () => {
  const [one, other] = [new KnownKeys(), new KnownKeys()];
  one.add('id of a', 'a');
  const ids = [one.ofText('a'), one.ofText('b'), other.ofText('a')].map((known) => known?.id);
  expect(ids).toEqual(['id of a', undefined, undefined]);
});

test('a text that reads as a record id is not taken for one', () => {
  const keys = new KnownKeys();
  keys.add('id of a', undefined);
  keys.add('id of b', 'b');
  expect(keys.ofText('id of a')).toBeUndefined();
  expect([keys.ofId('id of a')?.id, keys.ofId('id of b'), keys.ofId('b')]).toEqual([
    'id of a',
    undefined,
    undefined,
  ]);
});

test('they are bounded over all operations, and forgotten together', () => {
  const many = Array.from({ length: 10_000 }, () => new KnownKeys());
  for (const [at, keys] of many.entries()) keys.add('id', at % 2 ? `key-${at}` : undefined);
  const known = many.filter((keys, at) => keys.ofText(`key-${at}`) ?? keys.ofId('id'));
  expect(known.length).toBeLessThanOrEqual(4_096);
  expect(many.at(-1)?.ofText('key-9999')?.id).toBe('id');
});

test('what nobody asks for any more takes up no room', () => {
  forgetKnownKeys();
  const [asked, left] = [new KnownKeys(), new KnownKeys()];
  asked.add('id', 'a');
  for (let at = 0; at < 3_000; at += 1) left.add('id', `key-${at}`);
  left.leave();
  for (let at = 0; at < 3_000; at += 1) left.add('id', `key-${at}`);
  for (let at = 0; at < 3_000; at += 1) asked.add('id', `key-${at}`);
  expect([left.ofText('key-1'), asked.ofText('a')?.id]).toEqual([undefined, 'id']);
});

test('a key that is as long as a payload is not kept', () => {
  const keys = new KnownKeys();
  keys.add('id', 'x'.repeat(129));
  expect(keys.ofText('x'.repeat(129))).toBeUndefined();
});

test('nothing is known any more once an operator has deleted a record', async () => {
  const { wrap, records } = createIdempotency({ environment: 'test', store: memoryStore() });
  const once = wrap(async (id: string) => id, { operation: 'charge', key: (id) => id });
  await once('a');
  const keys = new KnownKeys();
  keys.add('id', 'b');
  expect(await records.delete(await once.idOf('a'))).toBe(true);
  expect(keys.ofText('b')).toBeUndefined();
});
