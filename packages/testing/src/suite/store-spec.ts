import type { OptionalPart } from '../store-harness.ts';
import type { StoreContext } from './store-context.ts';

/** One test of the suite. It knows no test runner: it passes, or throws an AssertionError. */
export interface StoreSpec {
  /** The topic and the name; no two specs share it. */
  readonly title: string;
  readonly topic: string;
  /** What holds, as a sentence. */
  readonly name: string;
  /** Parts of the store without which there is nothing to test. */
  readonly needs: readonly OptionalPart[];
  run(context: StoreContext): Promise<void>;
}

/** The specs of one topic, from their names and bodies. */
export function specs(
  topic: string,
  bodies: Readonly<Record<string, (context: StoreContext) => Promise<void>>>,
  needs: readonly OptionalPart[] = [],
): readonly StoreSpec[] {
  return Object.entries(bodies).map(([name, run]) => ({
    title: `${topic}: ${name}`,
    topic,
    name,
    needs,
    run,
  }));
}
