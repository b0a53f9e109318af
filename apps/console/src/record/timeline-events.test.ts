import type { IdempotencyRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { timelineEvents } from './timeline-events.ts';

const record: IdempotencyRecord = {
  id: 'prod/charge/0/x',
  environment: 'prod',
  operation: 'charge',
  run: 0,
  status: 'completed',
  fence: 1,
  attempt: 1,
  createdAt: 100,
  startedAt: 100,
  leaseUntil: 30_100,
  completedAt: 140,
  expiresAt: 86_400_140,
  outcomeBytes: 12,
  formatVersion: 1,
  version: '1.completed.86400140',
};

const titles = (...args: Parameters<typeof timelineEvents>) =>
  timelineEvents(...args).map(({ title, at }) => [title, at]);

test('a record that was executed once', () => {
  expect(titles(record, 'completed')).toEqual([
    ['Created and started', 100],
    ['Completed', 140],
    ['Expires', 86_400_140],
  ]);
});

test('a later attempt that executes', () => {
  const executing: IdempotencyRecord = {
    ...record,
    status: 'in_progress',
    attempt: 3,
    startedAt: 900,
    leaseUntil: 30_900,
    completedAt: undefined,
    expiresAt: undefined,
  };
  expect(titles(executing, 'executing')).toEqual([
    ['Created', 100],
    ['2 earlier attempts', undefined],
    ['Attempt 3 started', 900],
    ['Executing', undefined],
    ['Lease ends', 30_900],
    ['Never expires', undefined],
  ]);
  expect(titles(executing, 'stuck')).toContainEqual(['Lease ended', 30_900]);
});

test('an attempt that failed, with its error', () => {
  const lastError = { name: 'GatewayError', message: 'card declined' };
  const [, failed] = timelineEvents({ ...record, status: 'failed', lastError }, 'failed');
  expect(failed).toMatchObject({ title: 'Failed', detail: 'GatewayError: card declined' });
});

test('a release by an operator is told as what it is, not as an attempt', () => {
  const lastError = { name: 'Released', message: 'wrong amount' };
  const released: IdempotencyRecord = { ...record, status: 'failed', attempt: 2, lastError };
  expect(titles(released, 'failed')).toEqual([
    ['Created', 100],
    ['2 earlier attempts', undefined],
    ['Released by an operator', 140],
    ['Expires', 86_400_140],
  ]);
});
