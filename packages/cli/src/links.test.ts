import type { IdempotencyRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { linksOf } from './links.ts';

const record = {
  id: 'prod/charge/1/abc',
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
      url: 'https://l.example.com/?q=prod%2Fcharge%2F1%2Fabc&e=prod&o=charge&r=1&k=a%26b%3D%23&x={other}',
    },
  ]);
});

test('a link that needs what the record lacks is left out', () => {
  const { traceparent: _none, ...untraced } = record;
  const templates = { Trace: 'https://t.example.com/{traceId}', Home: 'https://example.com' };
  expect(linksOf(templates, untraced)).toEqual([{ label: 'Home', url: 'https://example.com' }]);
  expect(linksOf(undefined, record)).toEqual([]);
});
