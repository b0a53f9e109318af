import { setFlagsFromString } from 'node:v8';

// Simulated time passes in a loop that never leaves the stack: a turn of Node's own loop between two
// timers would cost a hundred times what the timers do.
setFlagsFromString('--allow-natives-syntax');

/** Runs every promise reaction that is due, and those that they make due. Does nothing when it is called
 * by one of them, so the simulation starts from a callback of Node's. */
export const settlePromises = new Function('%PerformMicrotaskCheckpoint()') as () => void;

setFlagsFromString('--no-allow-natives-syntax');
