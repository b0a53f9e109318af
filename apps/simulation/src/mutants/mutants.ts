import { batchMutants } from './batches.ts';
import { callMutants } from './calls.ts';
import type { Mutant } from './mutant.ts';
import { serverMutants } from './servers.ts';
import { storeMutants } from './stores.ts';

/** Everything that the simulation is known to catch. */
export const mutants: readonly Mutant[] = [
  ...serverMutants,
  ...storeMutants,
  ...batchMutants,
  ...callMutants,
];
