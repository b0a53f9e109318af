import { checkCount, checkNames, invalidOption } from '@twiceproof/core/toolkit';
import type { MemoryClock } from './time.ts';

/** What {@link memoryStore} takes. */
export interface MemoryStoreOptions {
  /**
   * How many records are held at most, filled copies included. 1,000,000 unless given; about
   * 490 bytes of heap each with a 100-byte result.
   */
  readonly maxRecords?: number | undefined;
  /** How large one record may be. 64 MiB unless given, 256 MiB at most. */
  readonly maxRecordBytes?: number | undefined;
  /** Where the time is read, for tests that drive it. The process's monotonic clock unless given. */
  readonly clock?: MemoryClock | undefined;
}

const known: readonly string[] = [
  'maxRecords',
  'maxRecordBytes',
  'clock',
] satisfies readonly (keyof MemoryStoreOptions)[];

// V8 keeps an outcome as a string; a string has at most 2^29 characters.
const largestRecordBytes = 256 * 1024 * 1024;

export function checkOptions(options: MemoryStoreOptions): {
  readonly maxRecords: number;
  readonly maxRecordBytes: number;
  readonly clock: MemoryClock | undefined;
} {
  checkNames(options, known, 'memoryStore');
  const { maxRecords = 1_000_000, maxRecordBytes = 64 * 1024 * 1024, clock } = options;
  checkCount(maxRecords, 'maxRecords');
  checkCount(maxRecordBytes, 'maxRecordBytes', largestRecordBytes);
  if (clock !== undefined && typeof clock.now !== 'function') {
    throw invalidOption('clock needs a method now() that answers monotonic milliseconds');
  }
  return { maxRecords, maxRecordBytes, clock };
}
