import { closeSync, openSync } from 'node:fs';
import { isIdempotencyError } from '@twiceproof/core';
import { messageOf } from './call-reports.ts';
import { DemoError } from './demo-error.ts';
import { orderLabel } from './effects.ts';
import { linesOf } from './lines.ts';
import type { KeySelector } from './order-key.ts';
import type { Order } from './pipeline.ts';
import type { Delivery } from './queue.ts';

/** A line that cannot be delivered. */
export interface BadLine {
  readonly line: number;
  readonly why: string;
  readonly text: string;
}

export interface Input {
  readonly deliveries: readonly Delivery[];
  /** How many orders they are about. */
  readonly orders: number;
  readonly badLines: readonly BadLine[];
}

/** Refuses a file that cannot be read, before anything is started for it. */
export function checkReadable(path: string): void {
  try {
    closeSync(openSync(path, 'r'));
  } catch (cause) {
    const message = `--input ${path} cannot be read: ${messageOf(cause)}`;
    throw new DemoError(message, { cause, exitCode: 2 });
  }
}

/** Reads an NDJSON file: one delivery per line; empty lines are passed over. */
export async function readDeliveries(
  path: string,
  select: KeySelector,
  idOf: (order: Order) => Promise<string>,
): Promise<Input> {
  const deliveries: Delivery[] = [];
  const badLines: BadLine[] = [];
  const ids = new Set<string>();
  let line = 0;
  for await (const raw of linesOf(path)) {
    line += 1;
    const text = line === 1 ? raw.replace(/^\uFEFF/, '') : raw;
    if (text.trim() === '') continue;
    try {
      checkJson(text);
      const order = { id: select(text) };
      // Refuses what cannot be a key, in the words that a call would.
      ids.add(await idOf(order));
      deliveries.push({ line, text, order: orderLabel(order) });
    } catch (error) {
      badLines.push({ line, why: reasonOf(error), text });
    }
  }
  return { deliveries, orders: ids.size, badLines };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Error('not JSON', { cause });
  }
}

function reasonOf(error: unknown): string {
  if (isIdempotencyError(error, 'KEY_MISSING')) return 'no key: --key finds nothing here';
  return messageOf(error);
}
