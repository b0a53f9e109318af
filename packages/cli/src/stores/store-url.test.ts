import { describe, expect, test } from 'vitest';
import { parseStoreUrl } from './store-url.ts';

describe('a store URL', () => {
  test('is taken apart', () => {
    expect(parseStoreUrl('redis://ada:s%40crt@host:6380/2?prefix=a%20b')).toEqual({
      scheme: 'redis',
      username: 'ada',
      password: 's@crt',
      servers: [{ host: 'host', port: 6380 }],
      path: '2',
      params: new Map([['prefix', 'a b']]),
      label: 'redis://ada@host:6380/2',
    });
  });

  test('may leave out nearly everything', () => {
    expect(parseStoreUrl('postgres://')).toMatchObject({
      servers: [{ host: '', port: undefined }],
      path: '',
      label: 'postgres://',
    });
  });

  test('may name several servers, also by IPv6', () => {
    expect(parseStoreUrl('redis-sentinel://:pw@a:1,[::1]:2,c/main/3')).toMatchObject({
      username: undefined,
      password: 'pw',
      servers: [
        { host: 'a', port: 1 },
        { host: '::1', port: 2 },
        { host: 'c', port: undefined },
      ],
      path: 'main/3',
    });
  });

  test.each([
    ['sqlite:records.db', 'records.db'],
    ['sqlite:///var/lib/100%.db?retirement=paused', '/var/lib/100%.db'],
    ['sqlite:../a b:c.db', '../a b:c.db'],
  ])('may name a file: %s', (text, path) => {
    expect(parseStoreUrl(text)).toMatchObject({ scheme: 'sqlite', path, label: `sqlite:${path}` });
  });

  test('is none where a slash or a question mark in the login would have the password shown', () => {
    expect(parseStoreUrl('redis://ada:12?34@host')).toBeUndefined();
    expect(parseStoreUrl('postgres://host/db?user=ada@server')).toMatchObject({ path: 'db' });
    expect(parseStoreUrl('redis://ada:12/34@host')).toBeUndefined();
    expect(parseStoreUrl('redis://a/da:1234@host')).toBeUndefined();
    expect(parseStoreUrl('redis://ada:12%2F34@host')).toMatchObject({
      password: '12/34',
      label: 'redis://ada@host',
    });
  });

  test('may hold the ARN of a table', () => {
    const arn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/records';
    expect(parseStoreUrl(`dynamodb://eu-central-1/${arn}`)).toMatchObject({ path: arn });
  });

  test.each([
    'localhost',
    'redis:/host',
    'redis://host:port',
    'redis://a b@[::1',
    'redis://%zz@host',
    '',
  ])('%j is none', (text) => {
    expect(parseStoreUrl(text)).toBe(undefined);
  });

  test('is never shown with its password', () => {
    for (const login of ['a:secret', ':secret', 'a:se:cret', 'a%2F:secret']) {
      expect(parseStoreUrl(`postgres://${login}@host/db?password=secret`)!.label).not.toMatch(
        /cret/,
      );
    }
  });
});
