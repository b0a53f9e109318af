import type { Figures } from './figures.ts';

/** What stands in a plot of an engine, and how it is drawn. */
export type Role = 'floor' | 'ours' | 'peer';

/** One way to do a piece of work. */
export interface Contender {
  readonly name: string;
  readonly role: Role;
  /** Does the work so many times more, and answers what it cost. */
  readonly sample: (calls: number) => Promise<Figures>;
}

/** Ways to do the same work. The first one is what the others are held against. */
export interface Comparison {
  readonly title: string;
  /** How many calls are under way at the same time. */
  readonly atOnce: number;
  readonly contenders: readonly Contender[];
  /** How many calls every sample has, where it is no matter of time: garbage is then collected as often as calls
   * cause it, and not as it happens to fit into a sample. */
  readonly calls?: number | undefined;
  /** Figures that come of those of several contenders in one round. */
  readonly derived?: Readonly<Record<string, (round: readonly Figures[]) => number>>;
}
