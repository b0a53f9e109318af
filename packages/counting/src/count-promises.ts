import { createHook } from 'node:async_hooks';

/** Counts the promises that the process makes from now on, until they are asked for. */
export function countPromises(): () => number {
  let promises = 0;
  const hook = createHook({ init: (...[, type]) => void (type === 'PROMISE' && promises++) });
  hook.enable();
  return () => {
    hook.disable();
    return promises;
  };
}
