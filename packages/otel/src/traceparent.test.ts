import { INVALID_SPAN_CONTEXT } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test.each([0, 1])('a span with flags %d is found again from its traceparent', (traceFlags) => {
  const span = { traceId, spanId, traceFlags };
  expect(formatTraceparent(span)).toBe(`00-${traceId}-${spanId}-0${traceFlags}`);
  expect(parseTraceparent(formatTraceparent(span))).toEqual({ ...span, isRemote: true });
});

test('a later version of the format is read', () => {
  expect(parseTraceparent(`01-${traceId}-${spanId}-01-more`)).toMatchObject({ traceId, spanId });
});

test('no span has no traceparent', () => {
  expect(formatTraceparent(undefined)).toBeUndefined();
  expect(formatTraceparent(INVALID_SPAN_CONTEXT)).toBeUndefined();
});

test.each([
  undefined,
  '',
  'nonsense',
  `ff-${traceId}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId}-${spanId}`,
])('%j points at no span', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});
