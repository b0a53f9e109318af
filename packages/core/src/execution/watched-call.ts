import { hooksOf, type Instrumentation, type Observation, tellEnd } from '../instrumentation.ts';
import type { CallDetails } from './call-details.ts';

/** Answers a call with instrumentation around it; `answer` is told whom to tell what happens meanwhile. */
export function watchedCall<Told>(
  instrumentation: Instrumentation,
  info: CallDetails,
  answer: (instrumentation: Instrumentation | undefined) => Told | Promise<Told>,
): Told | Promise<Told> {
  const hooks = hooksOf(instrumentation);
  if (!hooks) return instrumentation.execute(info, async () => answer(instrumentation));
  const observation = hooks.execute(info);
  if (!observation) return answer(undefined);
  let answered: Told | Promise<Told>;
  try {
    answered = observation.within(() => answer(instrumentation));
  } catch (error) {
    tellEnd(observation, { error });
    throw error;
  }
  if (answered instanceof Promise) return endedLater(observation, answered);
  tellEnd(observation, undefined);
  return answered;
}

/** Answers what was begun, and tells when it has ended. */
export async function endedLater<T>(observation: Observation, begun: Promise<T>): Promise<T> {
  let value: T;
  try {
    value = await begun;
  } catch (error) {
    tellEnd(observation, { error });
    throw error;
  }
  tellEnd(observation, undefined);
  return value;
}
