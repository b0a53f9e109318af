import type { Idempotency, Settled } from '@twiceproof/core';
import type { Context } from 'aws-lambda';
import { malformed, recordsOf, type Source } from './event-records.ts';
import { invocationCall } from './invocation-call.ts';
import type { RecordsOptions } from './options.ts';

/** A record of a batch, and what to do for it. */
export interface RecordCall<Item> {
  readonly record: Item;
  /** Undefined once its work is done; an error if it failed, which has been told. Never rejects. */
  run(): Promise<Failed | undefined>;
  /** The same for a record that is not even tried. */
  fail(error: unknown): Promise<Failed>;
}

/** A record that must be sent again, or given up. */
export interface Failed {
  readonly error: unknown;
}

/** Gives the calls of one event's records, in their order. */
export type RecordCalls<Item> = (
  event: { readonly Records: readonly Item[] },
  context: Context,
) => readonly RecordCall<Item>[];

/** Checks the options, and makes of a handler of one record one of a whole event's. */
export function recordCalls<Item, Value>(
  idempotency: Idempotency,
  source: Source<Item>,
  { onItemError, ...options }: RecordsOptions<Item, Context>,
  handler: (record: Item, context: Context) => Value | Promise<Value>,
): RecordCalls<Item> {
  const { operation, key = source.key } = options;
  const call = invocationCall(source.name, idempotency, { ...options, key }, handler);
  const say = (error: unknown, record: Item) => {
    const id = source.id(record) ?? 'without an id';
    console.error(`${source.name}: a record of '${operation}' failed (${id}):`, error);
  };
  const tell = onItemError ?? say;

  return (event, context) => {
    const running = new Map<string, Promise<unknown>>();
    const run = async (record: Item, index: number): Promise<Failed | undefined> => {
      const unfit = malformed(record, index);
      if (unfit) return { error: unfit };
      try {
        const wrapped = call(context);
        const id = await wrapped.idOf(record, context).catch(() => undefined);
        const settle = () => wrapped.settled(record, context);
        return failedOf(await (id === undefined ? settle() : inTurn(running, id, settle)));
      } catch (error) {
        return { error };
      }
    };
    const told = async (record: Item, failed: Failed): Promise<Failed> => {
      try {
        await tell(failed.error, record);
      } catch {
        // It was told. What it makes of that changes nothing for the record.
      }
      return failed;
    };
    return recordsOf(event, source).map((record, index) => ({
      record,
      run: async () => {
        const failed = await run(record, index);
        return failed && told(record, failed);
      },
      fail: (error) => told(record, { error }),
    }));
  };
}

/** A record that occurs twice in one batch waits for the first one's outcome, and is answered by it. */
async function inTurn<T>(
  running: Map<string, Promise<unknown>>,
  id: string,
  settle: () => Promise<T>,
): Promise<T> {
  const before = running.get(id);
  const turn = before ? before.then(settle) : settle();
  running.set(id, turn);
  return turn;
}

/** Work that is done is done, also where its result could not be kept. */
function failedOf(settled: Settled<unknown>): Failed | undefined {
  if (!('error' in settled)) return undefined;
  const isDone = settled.outcome === 'executed' || settled.outcome === 'replayed';
  return isDone ? undefined : { error: settled.error };
}
