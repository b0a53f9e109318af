import type { RecordQuery, Store, StoredRecord, StoreOptions } from '@twiceproof/core';
import { isIdempotencyError } from '@twiceproof/core';
import { checkCount, untilAborted } from '@twiceproof/core/toolkit';
import type { RedisClient, RedisNode } from './client.ts';
import { everyMaster } from './every-master.ts';
import type { Fault } from './fault.ts';
import { glance } from './get.ts';
import { globLiteral } from './glob-literal.ts';
import { decodeCursor, encodeCursor, type ListCursor } from './list-cursor.ts';
import { nodeName } from './master-nodes.ts';
import { recordFilter } from './record-filter.ts';
import type { StoreContext } from './store-context.ts';

/** SCAN walks every key of the database: these bound what one page costs. */
const mostSteps = 50;
const mostKeysPerStep = 1_000;

/** Pages of a SCAN on each master in turn. `keysBefore` is what stands before the id in a key. */
export function createList(
  context: StoreContext,
  client: RedisClient,
  keysBefore: string,
): Store['list'] {
  return async (query, options) => {
    checkCount(query.limit, 'limit', 1_000);
    const nodes = await mastersOf(client, options, context.fault);
    const names = nodes.map(nodeName).join();
    const pattern = `${globLiteral(keysBefore + (query.idPrefix ?? ''))}*`;
    const start: ListCursor = { nodes: names, node: 0, scan: '0', left: [] };
    const given = query.cursor === undefined ? start : decodeCursor(query.cursor);
    let at = given.nodes === names && given.node <= nodes.length ? given : start;
    const page = new Map<string, StoredRecord>();
    const wanted = reader(context, query, options);

    const left = await wanted(at.left);
    take(page, left, query.limit);
    if (left.length > query.limit) {
      const rest = left.slice(query.limit).map(({ id }) => id);
      return { records: [...page.values()], cursor: encodeCursor({ ...at, left: rest }) };
    }
    at = { ...at, left: [] };
    // What the last step of the last master found beyond the page before was all that there is.
    if (at.node === nodes.length) return { records: [...page.values()] };

    let count = Math.max(10, query.limit);
    for (let steps = 0; steps < mostSteps && page.size < query.limit; steps++) {
      options?.signal?.throwIfAborted();
      const [scan, ids] = await step(
        nodes[at.node]!,
        at.scan,
        pattern,
        count,
        keysBefore.length,
        context.fault,
      );
      const found = (await wanted(ids)).filter(({ id }) => !page.has(id));
      const room = query.limit - page.size;
      if (found.length > room && count > 1) {
        // SCAN answers about as many keys as asked for: ask again for less, from the same place.
        count = Math.max(1, Math.floor((count * room) / found.length / 2));
        continue;
      }
      take(page, found, room);
      const rest = found.slice(room).map(({ id }) => id);
      at = { ...after(at, scan), left: rest };
      if (at.node === nodes.length && rest.length === 0) return { records: [...page.values()] };
      if (at.node === nodes.length) break;
      count = Math.min(mostKeysPerStep, count * 2);
    }
    return { records: [...page.values()], cursor: encodeCursor(at) };
  };
}

async function mastersOf(
  client: RedisClient,
  options: StoreOptions | undefined,
  fault: Fault,
): Promise<readonly RedisNode[]> {
  try {
    return await untilAborted(options?.signal, () => everyMaster(client));
  } catch (error) {
    throw fault(error, '');
  }
}

function after(at: ListCursor, scan: string): ListCursor {
  return scan === '0' ? { ...at, node: at.node + 1, scan: '0' } : { ...at, scan };
}

function take(page: Map<string, StoredRecord>, found: readonly StoredRecord[], room: number): void {
  for (const record of found.slice(0, room)) page.set(record.id, record);
}

async function step(
  node: RedisNode,
  from: string,
  pattern: string,
  count: number,
  idAt: number,
  fault: Fault,
): Promise<[scan: string, ids: string[]]> {
  try {
    const [scan, keys] = await node.scan(from, 'MATCH', pattern, 'COUNT', count);
    return [scan, keys.map((key) => key.slice(idAt))];
  } catch (error) {
    throw fault(error, '');
  }
}

/** Reads the records of these ids and leaves out what is not asked for. */
function reader(context: StoreContext, query: RecordQuery, options: StoreOptions | undefined) {
  const matches = recordFilter(query);
  const read = async (id: string): Promise<StoredRecord | undefined> => {
    try {
      const seen = await glance(context, id, options);
      return seen !== undefined && matches(seen) ? seen.record : undefined;
    } catch (error) {
      // One record that cannot be read must not hide the others.
      if (isIdempotencyError(error, 'RECORD_CORRUPT')) return undefined;
      throw error;
    }
  };
  return async (ids: readonly string[]): Promise<StoredRecord[]> => {
    const records = await Promise.all([...new Set(ids)].map(read));
    return records.filter((record) => record !== undefined);
  };
}
