import { type CallInfo, hooksOf, type Instrumentation } from '../instrumentation.ts';
import { endedLater } from './watched-call.ts';

/** Runs the function with instrumentation around it. */
export function watchedRun<T>(
  instrumentation: Instrumentation,
  info: CallInfo,
  invoke: () => Promise<T>,
): Promise<T> {
  const hooks = hooksOf(instrumentation);
  if (!hooks) return aroundRun(instrumentation, info, invoke);
  const observation = hooks.run(info);
  return observation ? endedLater(observation, observation.within(invoke)) : invoke();
}

/** Instrumentation that fails around a function which ended well is no reason to do its work again. */
async function aroundRun<T>(
  instrumentation: Instrumentation,
  info: CallInfo,
  invoke: () => Promise<T>,
): Promise<T> {
  let returned: { readonly value: T } | undefined;
  try {
    return await instrumentation.run!(info, async () => {
      const value = await invoke();
      returned = { value };
      return value;
    });
  } catch (error) {
    if (returned) return returned.value;
    throw error;
  }
}
