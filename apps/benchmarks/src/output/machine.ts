import { availableParallelism, cpus, totalmem } from 'node:os';

/** On what figures were taken. */
export interface Machine {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
}

export const machine: Machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? 'an unknown processor',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
};

export function describeMachine({ node, processor, cores, memoryGb }: Machine): string {
  return `Node ${node}, ${processor}, ${cores} cores, ${memoryGb} GB`;
}
