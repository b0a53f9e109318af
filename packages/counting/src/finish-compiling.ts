import { setFlagsFromString } from 'node:v8';

// V8 compiles in threads of its own. On a busy machine those come late, and code that is not optimised makes garbage
// that optimised code does not; and what they make is the heap's as well.
setFlagsFromString('--allow-natives-syntax');

/** Waits for what V8 compiles meanwhile, so that calls run the same code however busy the machine is. */
export const finishCompiling: () => void = new Function('%FinalizeOptimization()') as () => void;

setFlagsFromString('--no-allow-natives-syntax');
