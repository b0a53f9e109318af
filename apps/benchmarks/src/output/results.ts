import type { Report } from '../measuring/result.ts';
import type { Machine } from './machine.ts';

/** Everything that was measured, on one machine. */
export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly runs: number;
  readonly reports: readonly Report[];
}
