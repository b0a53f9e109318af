import type { StoreOptions } from '@twiceproof/core';

/** How the scripts are told what is no number and no text. */

export function retirementWord(
  options: Pick<StoreOptions, 'retirement'> | undefined,
): 'paused' | 'on' {
  return options?.retirement ?? 'on';
}

/** Whether who waits for a record is woken. */
export function wakeWord(wakes: boolean): 'wake' | 'quiet' {
  return wakes ? 'wake' : 'quiet';
}

/** Whether replicas are asked to confirm what was written. */
export function confirmWord(waits: boolean): 'confirmed' | 'unconfirmed' {
  return waits ? 'confirmed' : 'unconfirmed';
}

/** A retention: empty for ever. */
export function retentionWord(retentionMs: number | null): number | '' {
  return retentionMs === null ? '' : Math.ceil(retentionMs);
}
