import { IdempotencyError } from '@twiceproof/core';

/** Where a listing goes on. */
export interface ListCursor {
  /** The masters that are listed, in order; another set of them starts the listing anew. */
  readonly nodes: string;
  /** Place of the master in that order. */
  readonly node: number;
  /** What SCAN of that master goes on from. */
  readonly scan: string;
  /** Ids that one step of SCAN found beyond the last page. */
  readonly left: readonly string[];
}

/** More than one step of SCAN finds. */
const mostLeft = 10_000;

export function encodeCursor({ nodes, node, scan, left }: ListCursor): string {
  return Buffer.from(JSON.stringify([nodes, node, scan, left])).toString('base64url');
}

export function decodeCursor(cursor: string): ListCursor {
  try {
    const [nodes, node, scan, left] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const areTexts = [nodes, scan, ...left].every((text) => typeof text === 'string');
    const isPlace =
      Number.isInteger(node) && node >= 0 && /^\d{1,20}$/.test(scan) && BigInt(scan) < 2n ** 64n;
    if (areTexts && isPlace && left.length <= mostLeft) return { nodes, node, scan, left };
  } catch {}
  throw new IdempotencyError(
    'OPTIONS_INVALID',
    'cursor is not one that list() of this store answered; leave it out to start from the beginning',
  );
}
