import { expect, test } from 'vitest';
import {
  decodeOffloaded,
  decodeOutcome,
  encodeOffloaded,
  encodeValue,
  outcomeKind,
} from './index.ts';

test('a reference comes back with the size of what it leads to', () => {
  const bytes = encodeOffloaded('s3://bucket/prod/pay/0/äbc', 5_000_000_000);
  expect(outcomeKind(bytes)).toBe('offloaded');
  expect(decodeOffloaded(bytes, 'id')).toEqual({
    kind: 'offloaded',
    ref: 's3://bucket/prod/pay/0/äbc',
    byteLength: 5_000_000_000,
  });
});

test('reading it as an outcome says that the offload is missing', () => {
  expect(() => decodeOutcome(encodeOffloaded('x', 1), 'id')).toThrow(
    /^RECORD_CORRUPT: .*it is kept elsewhere; configure oversized with the offload that has it$/,
  );
});

test('an outcome that is no reference is corrupt', () => {
  expect(() => decodeOffloaded(encodeValue(1), 'id')).toThrow(
    /^RECORD_CORRUPT: .*no plain reference/,
  );
});

test.for<[string, number[]]>([
  ['no list', [0xc0]],
  ['a reference without a size', [0x91, 0xa1, 0x61]],
  ['a size without a reference', [0x92, 0xc0, 0x01]],
  ['a size of zero', [0x92, 0xa1, 0x61, 0x00]],
  ['a size that is text', [0x92, 0xa1, 0x61, 0xa1, 0x61]],
  ['more than a reference', [0x93, 0xa1, 0x61, 0x01, 0x01]],
  ['a truncated reference', [0x92, 0xa9, 0x61]],
])('%s is corrupt', ([, body]) => {
  expect(() => decodeOffloaded(Uint8Array.of(1, 5, ...body), 'id')).toThrow(/^RECORD_CORRUPT/);
});

test.for([undefined, '', 5, '\ud800'])('an offload that answers %j is told so', (ref) => {
  expect(() => encodeOffloaded(ref as string, 1)).toThrow(
    /^OPTIONS_INVALID: oversized.put answered/,
  );
});
