import type { IdempotencyRecord } from '@twiceproof/core';
import type { RefusalCode } from '../wire.ts';

/** Why a request got no answer; `UNREACHABLE` where the console itself is not there. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: RefusalCode | 'UNREACHABLE';
  /** The record as it is now, where somebody else was faster. */
  readonly record: IdempotencyRecord | undefined;

  constructor(
    code: RefusalCode | 'UNREACHABLE',
    message: string,
    record?: IdempotencyRecord | undefined,
  ) {
    super(message);
    this.code = code;
    this.record = record;
  }
}

export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault('FAULT', error instanceof Error ? error.message : String(error));
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
