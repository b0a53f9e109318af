import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './item.ts';

/** DynamoDB's limit for one item, attribute names included. */
export const maxItemBytes = 409_600;

/** Bytes of an item the way DynamoDB counts them: UTF-8 names plus values. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += Buffer.byteLength(name) + valueBytes(item[name]!);
  return bytes;
}

/** No less than `itemBytes`, and cheap: a character takes at most 3 bytes for each code unit. */
export function mostItemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    const { S, N, B } = item[name]!;
    bytes += 3 * name.length;
    if (S !== undefined) bytes += 3 * S.length;
    else if (N !== undefined) bytes += N.length + 2;
    else bytes += B === undefined ? maxItemBytes : B.byteLength;
  }
  return bytes;
}

/**
 * Bytes that DynamoDB compares with its limit when an update leads to `item`: the item, or the item
 * without its key but with a fixed cost for every action, whichever is more.
 */
export function updateBytes(item: Item, key: Item, assigned: number, removed: number): number {
  const bytes = itemBytes(item);
  return Math.max(bytes, bytes - itemBytes(key) + 3 + 19 * assigned + 2 * removed);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.SS !== undefined) return sum(value.SS, Buffer.byteLength);
  if (value.NS !== undefined) return sum(value.NS, numberBytes);
  if (value.BS !== undefined) return sum(value.BS, (bytes) => bytes.byteLength);
  // A list or map takes 3 bytes, and each of its members one more than itself.
  if (value.L !== undefined) return 3 + sum(value.L, (member) => 1 + valueBytes(member));
  if (value.M !== undefined) {
    const { M } = value;
    return 3 + sum(Object.keys(M), (name) => 1 + Buffer.byteLength(name) + valueBytes(M[name]!));
  }
  return 1;
}

/** One byte, and one for every two significant digits, and one for a minus sign. */
function numberBytes(text: string): number {
  const isNegative = text.startsWith('-');
  const digits = text
    .replace(/^[-+]/, '')
    .replace(/e.*$/i, '')
    .replace('.', '')
    .replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(digits.length / 2) + (isNegative ? 1 : 0);
}

function sum<T>(members: readonly T[], bytesOf: (member: T) => number): number {
  return members.reduce((bytes, member) => bytes + bytesOf(member), 0);
}
