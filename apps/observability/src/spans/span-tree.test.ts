import { expect, test } from 'vitest';
import { callsOfKey, replayedKey } from './calls-of-key.ts';
import type { PlainSpan } from './plain-span.ts';
import { spanTree } from './span-tree.ts';

const key = 'dev/charge/0/x';
const span = (spanId: string, fields: Partial<PlainSpan>): PlainSpan => ({
  traceId: 'a'.repeat(32),
  spanId,
  parentSpanId: undefined,
  name: 'span',
  startMs: 0,
  durationMs: 1,
  failed: false,
  attributes: {},
  links: [],
  ...fields,
});
const call = (outcome: string) => ({
  'idempotency.operation.name': 'charge',
  'idempotency.key': key,
  'idempotency.outcome': outcome,
});

const spans: readonly PlainSpan[] = [
  span('4', { parentSpanId: '2', name: 'call the gateway', startMs: 3, durationMs: 7.25 }),
  span('2', {
    parentSpanId: '1',
    name: 'run charge',
    startMs: 2,
    durationMs: 9,
    attributes: { 'idempotency.attempt': 1 },
  }),
  span('3', { parentSpanId: '1', name: 'complete redis', startMs: 12 }),
  span('1', { name: 'execute charge', durationMs: 15, attributes: call('executed') }),
  span('5', {
    traceId: 'b'.repeat(32),
    name: 'replay charge',
    startMs: 100,
    durationMs: 0.62,
    attributes: call('replayed'),
    links: [{ traceId: 'a'.repeat(32), spanId: '2' }],
  }),
  span('6', {
    traceId: 'c'.repeat(32),
    name: 'refuse charge',
    startMs: 50,
    attributes: { ...call('in_progress'), 'error.type': 'IN_PROGRESS' },
  }),
  span('7', {
    name: 'execute charge',
    attributes: { ...call('executed'), 'idempotency.key': '-' },
  }),
];

test('the calls of one key are trees, oldest first, with their outcomes', () => {
  expect(spanTree(spans, key).split('\n')).toEqual([
    `trace ${'a'.repeat(32)}`,
    'execute charge              15 ms  executed',
    '├─ run charge              9.0 ms  attempt 1',
    '│  └─ call the gateway     7.3 ms',
    '└─ complete redis          1.0 ms',
    '',
    `trace ${'c'.repeat(32)}`,
    'refuse charge              1.0 ms  in_progress  IN_PROGRESS',
    '',
    `trace ${'b'.repeat(32)}`,
    `replay charge              0.6 ms  replayed  of trace ${'a'.repeat(32)}`,
  ]);
});

test('paint is for the notes, and does not move them', () => {
  const mark = (text: string): string => `<${text}>`;
  const [first, second] = spanTree(spans, key, { dim: mark, good: mark, bad: mark }).split('\n');
  expect(first).toBe(`<trace ${'a'.repeat(32)}>`);
  expect(second).toBe('execute charge              15 ms  <executed>');
});

test('a key without calls has no tree', () => {
  expect(spanTree(spans, 'dev/charge/0/y')).toBe('');
});

test('the calls of a key are found by their attribute', () => {
  expect(callsOfKey(spans, key).map(({ spanId }) => spanId)).toEqual(['1', '6', '5']);
});

test('a replayed key is one whose original is there as well', () => {
  expect(replayedKey(spans)).toBe(key);
  expect(replayedKey(spans, 'charge')).toBe(key);
  expect(replayedKey(spans, 'ship')).toBeUndefined();
  expect(replayedKey(spans.filter(({ spanId }) => spanId !== '2'))).toBeUndefined();
});
