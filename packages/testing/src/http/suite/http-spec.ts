import type { HttpContext } from '../http-context.ts';

/** One case of the suite. It knows no test runner: it passes, or throws an AssertionError. */
export interface HttpSpec {
  readonly topic: string;
  /** What holds, as a sentence. */
  readonly name: string;
  run(context: HttpContext): Promise<void>;
}

/** The cases of one topic, from their names and bodies. */
export function httpSpecs(
  topic: string,
  bodies: Readonly<Record<string, (context: HttpContext) => Promise<void>>>,
): readonly HttpSpec[] {
  return Object.entries(bodies).map(([name, run]) => ({ topic, name, run }));
}
