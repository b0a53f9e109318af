import { IdempotencyError, type KeyValue } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';

/** Where a batch comes from, and how its records are told apart. */
export interface Source<Item> {
  /** The function that takes it, for messages. */
  readonly name: string;
  /** As the records name it, e.g. `aws:sqs`. */
  readonly eventSource: string;
  readonly key: (record: Item) => KeyValue;
  /** How a log names a record: an id that AWS gave it, and nothing of its content. */
  readonly id: (record: Item) => unknown;
}

/** The records of an event. Throws for an event that has none, or is another source's. */
export function recordsOf<Item>(
  event: { readonly Records?: readonly Item[] } | null | undefined,
  { name, eventSource }: Source<Item>,
): readonly Item[] {
  const records = event?.Records;
  if (!Array.isArray(records)) {
    throw invalidOption(
      `${name} was given an event without Records; it takes the events of ${eventSource}`,
    );
  }
  for (const [index, record] of records.entries()) {
    const source = record?.eventSource ?? record?.EventSource;
    if (source === undefined || source === eventSource) continue;
    throw invalidOption(
      `${name} takes the events of ${eventSource}, and Records[${index}] is of ${String(source).slice(0, 80)}; use the function for that source`,
    );
  }
  return records;
}

/** A record that is no object cannot be handed to a handler. Answers what is wrong with it. */
export function malformed(record: unknown, index: number): IdempotencyError | undefined {
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return undefined;
  const what = Array.isArray(record) ? 'an array' : record === null ? 'null' : `a ${typeof record}`;
  return new IdempotencyError('KEY_MISSING', `Records[${index}] is ${what}, not a record`);
}
