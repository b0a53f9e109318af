import type { IdempotencyRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { linksOf } from './links.ts';

const record = {
  id: 'prod/charge/1/7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI',
  environment: 'prod',
  operation: 'charge',
  run: 1,
  keyPreview: 'a&b=#',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
} as IdempotencyRecord;

test('a template is filled in with what belongs to the record, encoded', () => {
  const templates = {
    Trace: 'https://t.example.com/{traceId}/{spanId}',
    Logs: 'https://l.example.com/?q={recordId}&e={environment}&o={operation}&r={run}&k={key}&x={other}',
  };
  expect(linksOf(templates, record)).toEqual([
    {
      label: 'Trace',
      url: 'https://t.example.com/0af7651916cd43dd8448eb211c80319c/b7ad6b7169203331',
    },
    {
      label: 'Logs',
      url: 'https://l.example.com/?q=prod%2Fcharge%2F1%2F7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI&e=prod&o=charge&r=1&k=a%26b%3D%23&x={other}',
    },
  ]);
});

test('a link that needs what the record lacks is left out', () => {
  const { traceparent: _none, ...untraced } = record;
  const templates = { Trace: 'https://t.example.com/{traceId}', Home: 'https://example.com' };
  expect(linksOf(templates, untraced)).toEqual([{ label: 'Home', url: 'https://example.com' }]);
  expect(linksOf(undefined, record)).toEqual([]);
});

test.each(['.', '..'])(
  'a link that would lead to another page, by a name of %j, is left out',
  (name) => {
    const templates = {
      Runs: 'https://r.example.com/of/{operation}/runs',
      Keys: 'https://k.example.com/{key}',
    };
    const odd = { ...record, operation: name, keyPreview: `${name}.` };
    expect(linksOf(templates, odd)).toEqual(
      name === '.' ? [] : [{ label: 'Keys', url: 'https://k.example.com/...' }],
    );
  },
);

test('a link leads to the other side by what it was handed', () => {
  const templates = {
    Bank: 'https://b.example.com/?key={downstreamKey}',
    Post: 'https://p.example.com/{downstreamUuid}',
  };
  expect(linksOf(templates, record)).toEqual([
    {
      label: 'Bank',
      url: 'https://b.example.com/?key=7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI',
    },
    { label: 'Post', url: 'https://p.example.com/ecaccab8-b389-88a0-b669-e948e4f220f2' },
  ]);
});
