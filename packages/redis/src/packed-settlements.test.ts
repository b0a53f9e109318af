import { expect, test } from 'vitest';
import { packed } from './packed-settlements.ts';

/** As lua/settle.lua reads them. */
function unpacked(bytes: Buffer): Buffer[][] {
  const settlements: Buffer[][] = [];
  for (let at = 0; at < bytes.length; ) {
    const lengths = [0, 4, 8, 12].map((offset) => bytes.readUInt32BE(at + offset));
    at += 16;
    const parts: Buffer[] = [];
    for (const length of lengths) {
      parts.push(bytes.subarray(at, at + length));
      at += length;
    }
    settlements.push(parts);
  }
  return settlements;
}

test('the parts of several settlements are found by their lengths in bytes', () => {
  const settlements = [
    {
      before: '1p007;tökén|1;',
      after: '1c007;tökén🔑|1;',
      tail: Buffer.from([0, 255]),
      ttl: 86_400_000,
    },
    { before: '', after: '', tail: Buffer.alloc(0), ttl: '' },
    { before: '', after: '1c00…', tail: Buffer.alloc(70_000, 1), ttl: '70000;on' },
  ];
  expect(unpacked(packed(settlements))).toEqual(
    settlements.map(({ before, after, tail, ttl }) => [
      ...[Buffer.from(before), Buffer.from(after)],
      ...[tail, Buffer.from(String(ttl))],
    ]),
  );
});
