import { checkNames, invalidOption, shown } from '../options/option-checks.ts';
import type { KeyValue, OperationOptions } from '../options/options.ts';

/** Options of one step; what is not given here is the workflow's, but for `inProgress`, `retention`,
 * `verdict` and `maxDuration`, which are each function's own. */
export interface StepOptions
  extends Pick<
    OperationOptions,
    'lease' | 'heartbeat' | 'abandoned' | 'failure' | 'verdict' | 'maxDuration' | 'maxResultBytes'
  > {
  /** Tells apart the steps that share a name, e.g. in a loop. */
  readonly key?: KeyValue;
  /** When an earlier attempt of the workflow still executes the step. Default `'wait'`. */
  readonly inProgress?: OperationOptions['inProgress'];
  /** Default: for as long as the workflow may be restarted, a year at most, and once the workflow has
   * completed, for as long as the workflow's record. */
  readonly retention?: OperationOptions['retention'];
}

/**
 * Executes one step, or replays its result if it completed in an earlier attempt of the workflow. Steps
 * may run in parallel. Throws `LEASE_LOST` once the workflow has ended or lost its lease.
 */
export type Step = <Value>(
  name: string,
  fn: () => Value | Promise<Value>,
  options?: StepOptions,
) => Promise<Value>;

const stepOptionNames = [
  'key',
  'retention',
  'lease',
  'heartbeat',
  'inProgress',
  'abandoned',
  'failure',
  'verdict',
  'maxDuration',
  'maxResultBytes',
] as const satisfies readonly (keyof StepOptions)[];

/** Throws `OPTIONS_INVALID` naming what is wrong with a step of this workflow. */
export function checkStep(workflow: string, name: unknown, options: StepOptions): void {
  if (typeof name !== 'string' || name.trim() === '') {
    throw invalidOption(
      `a step of '${workflow}' is named ${shown(name)}; give a stable, non-empty name`,
    );
  }
  checkNames(options, stepOptionNames, `step '${name}'`);
}
