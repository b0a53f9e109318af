import type { Mutant } from '../mutants/mutant.ts';
import { type Engine, type Faults, startEngine } from './engine.ts';
import { Process } from './process.ts';
import type { World } from './world.ts';

export interface Started {
  readonly process: Process;
  /** Set up when it is first used: half of the processes are never asked for anything. */
  readonly engine: () => Engine;
}

export function startProcess(world: World, faults: Faults, mutant: Mutant | undefined): Started {
  const process = new Process(world.processes.length, world.time);
  world.processes.push(process);
  let engine: Engine | undefined;
  return {
    process,
    engine: () => {
      engine ??= startEngine(world, process, faults, mutant);
      return engine;
    },
  };
}
