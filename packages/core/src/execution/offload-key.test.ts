import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { keyPrefix, recordIdOf } from '../key/record-id.ts';
import { offloadKey } from './offload-key.ts';

function keyOf(environment: string, operation: string): string {
  return offloadKey(recordIdOf(keyPrefix({ environment, operation, run: 0 }), 'a'), 7);
}

test('the name of an offloaded outcome is its record’s id and the attempt', () => {
  const id = recordIdOf(
    keyPrefix({ environment: 'prod', operation: 'POST /charges', run: 3 }),
    'a',
  );
  expect(offloadKey(id, 7)).toBe(`${id}/7`);
});

test.each(['.', '..', '...', '../..', '/', '\\', '\0', 'a\r\nb', 'a*', '%2e%2e', '~'])(
  'stays where it was put, whatever is named %j',
  (name) => {
    for (const key of [keyOf(name, 'work'), keyOf('prod', name), keyOf(name, name)]) {
      expect(key).toMatch(/^[\w.!~'()%-]+(\/[\w.!~'()%-]+){4}$/);
      expect(posix.normalize(key)).toBe(key);
      expect(win32.normalize(key)).toBe(key.replaceAll('/', '\\'));
      expect(new URL(key, 'https://bucket.example/kept/').pathname).toBe(`/kept/${key}`);
    }
  },
);

test.each(['é'.repeat(100), '𝄞'.repeat(50), `a${'\0'.repeat(199)}`, 'x'.repeat(200)])(
  'fits into file systems and buckets, however long the names',
  (name) => {
    const key = keyOf(name, name);
    for (const part of key.split('/')) expect(part.length).toBeLessThanOrEqual(255);
    expect(key.length).toBeLessThanOrEqual(1_024);
    expect(key).not.toMatch(/%(?![\dA-F]{2})/);
  },
);
