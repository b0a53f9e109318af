import type { Comparison } from './comparison.ts';

/** How a benchmark is run. */
export interface Setting {
  /** How many there are of something, where a full run has so many. */
  readonly count: (full: number) => number;
  /** Ends what the benchmark started. */
  readonly cleanUp: AsyncDisposableStack;
  /** Notes which version of something was measured. */
  readonly uses: (name: string, version: string) => void;
}

/** One comparison after the other, each made ready when the one before is done. */
export type Compare = (setting: Setting) => AsyncIterable<Comparison>;

/** What `pnpm bench` runs by name. */
export interface Benchmark {
  readonly name: string;
  /** What it measures, for `--help`. */
  readonly about: string;
  /** Takes minutes, and runs where it is named. */
  readonly onRequest?: true;
  /** Imports what it takes, which is not to be there where something else is measured. */
  load(): Promise<Compare>;
}
