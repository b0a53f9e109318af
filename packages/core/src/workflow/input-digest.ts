import type { KeyObject } from 'node:crypto';
import { fingerprintOf } from '../key/fingerprint.ts';

/** Tells two inputs of a workflow apart. Undefined for what cannot be told apart, such as classes. */
export function inputDigestOf(
  input: readonly unknown[],
  digestKey: KeyObject | undefined,
): string | undefined {
  try {
    return fingerprintOf(input, digestKey);
  } catch {
    return undefined;
  }
}
