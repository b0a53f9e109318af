import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { RecordTable } from './record-table.ts';

const at = (now: number) => ({ now, skewMs: 0, marginMs: 60 });

test('a lease gets the margin for clocks that are apart, and a retention none', () => {
  const table = new RecordTable();
  const claim = newClaim({ leaseMs: 300, retentionMs: 0 });
  table.claim(claim, at(0));
  expect(table.counting(claim.id, at(359))?.status).toBe('in_progress');
  expect(table.counting(claim.id, at(360))).toBeUndefined();
  table.complete(claim.id, claim.token, { bytes: new Uint8Array(1), retentionMs: 286 }, at(100));
  expect(table.counting(claim.id, at(385))?.status).toBe('completed');
  expect(table.counting(claim.id, at(386))).toBeUndefined();
});
