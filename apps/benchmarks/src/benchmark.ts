/** One way to do a piece of work. */
interface Contender {
  readonly name: string;
  /** Does the work once more, and answers what it cost in the comparison's unit. */
  readonly sample: () => Promise<number>;
}

/** Ways to do the same work. The first one is what the others are held against. */
export interface Comparison {
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly Contender[];
}

/** How a benchmark is run. */
interface Setting {
  /** How many calls one sample makes, where a full run makes so many. */
  readonly calls: (full: number) => number;
  /** Ends what the benchmark started. */
  readonly cleanUp: AsyncDisposableStack;
}

/** What `pnpm bench` runs by name. */
export interface Benchmark {
  readonly name: string;
  /** What it measures, for `--help`. */
  readonly about: string;
  prepare(setting: Setting): Promise<readonly Comparison[]>;
}
