import { IdempotencyError } from './errors.ts';
import type { Deployment } from './execution/deployment.ts';
import { Operation } from './execution/operation.ts';
import { missingPart } from './key/missing-part.ts';
import { mergeOptions } from './options/merge-options.ts';
import { checkNames, invalidOption, shown } from './options/option-checks.ts';
import type { KeyValue, OperationOptions } from './options/options.ts';
import { policyOf } from './options/policy.ts';
import { processState } from './process-state.ts';

/** Options of one step; what is not given here is the workflow's. */
export interface StepOptions
  extends Pick<
    OperationOptions,
    'retention' | 'lease' | 'heartbeat' | 'inProgress' | 'abandoned' | 'failure' | 'maxResultBytes'
  > {
  /** Tells apart the steps that share a name, e.g. in a loop. */
  readonly key?: KeyValue;
}

/** Executes one step, or replays its result if it completed in an earlier attempt of the workflow. */
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
  'maxResultBytes',
] as const;

/**
 * The steps of one workflow execution. A step is an operation of its own, `workflow.step`, under the
 * workflow's record: the same workflow key, scope and run find the same steps again.
 */
export function stepsOf(
  deployment: Deployment,
  workflow: string,
  defaults: OperationOptions,
): Step {
  const { id, run, scope, keyPreview } = processState.executions.getStore()!;
  const taken = new Set<string>();
  return async (name, fn, options = {}) => {
    if (typeof name !== 'string' || name.trim() === '') {
      throw invalidOption(
        `a step of '${workflow}' is named ${shown(name)}; give a stable, non-empty name`,
      );
    }
    checkNames(options, stepOptionNames, `step '${name}'`);
    // A workflow that runs without a key has nothing under which a step could be found again.
    if (id === undefined) return fn();
    const { key: _key, ...own } = options;
    const policy = policyOf(mergeOptions(defaults, own), deployment.requests.store);
    const key = 'key' in options ? [id, options.key] : [id];
    const operation = new Operation<[]>(deployment, `${workflow}.${name}`, policy, {
      key: () => key,
      run,
      scope,
      keyPreview,
      input: defaults.input === false ? false : undefined,
    });
    const answer = async () => (await operation.answer({ args: [], run }, fn)).value;
    if (policy.missingKey === 'execute' && missingPart(key) !== undefined) return answer();
    const stepId = await operation.idOf({ args: [], run });
    if (taken.has(stepId)) throw repeated(workflow, name, stepId);
    taken.add(stepId);
    try {
      return await answer();
    } catch (error) {
      // It may be tried again: what failed was not completed, so it does not replay itself.
      taken.delete(stepId);
      throw error;
    }
  };
}

function repeated(workflow: string, name: string, recordId: string): IdempotencyError {
  const message = `step '${name}' of '${workflow}' was used twice in one execution and would replay itself; give each its own name, or a key: step('${name}', fn, { key: item.id })`;
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}
