import assert from 'node:assert/strict';
import type { Store, StoredRecord } from '@twiceproof/core';

/** A record in a form that compares by content: an absent property is an undefined one, and bytes
 * are bytes, whichever class carries them. */
function snapshot(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => [name, snapshot(part)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function assertSameRecord(
  actual: StoredRecord | undefined,
  expected: StoredRecord | undefined,
  message: string,
): void {
  assert.deepEqual(snapshot(actual), snapshot(expected), message);
}

/** Runs `act`, and insists that the record is afterwards what it was before. */
export async function changesNothing<T>(
  store: Store,
  id: string,
  act: () => Promise<T>,
): Promise<T> {
  const before = await store.get(id);
  const answer = await act();
  assertSameRecord(await store.get(id), before, 'the record should be what it was before');
  return answer;
}

export function assertBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  assert.ok(actual, 'the record should hold its outcome bytes');
  assert.equal(hex(actual), hex(expected), 'the outcome should be what was recorded');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
