export type { HttpOptions, ProducedResponse, Scope } from './gate/options.ts';
export type { Problem, ProblemAnswer } from './gate/problem.ts';
export type { ProblemName } from './gate/problem-kinds.ts';
export { idempotencyKey } from './idempotency-key.ts';
