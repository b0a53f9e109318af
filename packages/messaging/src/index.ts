export { type Consume, consumer } from './consumer.ts';
export type { ConsumerOptions, VerdictOptions } from './consumer-options.ts';
export type { Verdict } from './verdict.ts';
