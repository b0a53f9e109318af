import type { Deployment } from '../execution/deployment.ts';
import { mergeOptions } from '../options/merge-options.ts';
import type { OperationOptions } from '../options/options.ts';
import { retentionOf } from '../options/retention.ts';
import { processState } from '../process-state.ts';
import type { Step } from './step.ts';
import { retentionOfSteps } from './step-retention.ts';
import { WorkflowSteps } from './workflow-steps.ts';

/** The function that is wrapped for a workflow: its body with steps to take. */
export function workflowFunction<Input, Result>(
  deployment: Deployment,
  name: string,
  options: OperationOptions,
  body: (input: Input, step: Step) => Result,
): (this: unknown, input: Input) => Promise<Awaited<Result>> {
  const ofSteps = mergeOptions(options, {
    inProgress: 'wait',
    retention: retentionOfSteps(options),
  } satisfies OperationOptions);
  const { completed } = retentionOf(options.retention ?? '24h');
  const run = function run(this: unknown, input: Input): Promise<Awaited<Result>> {
    const execution = processState.executions.getStore()!;
    const steps = new WorkflowSteps(deployment, name, ofSteps, completed, execution);
    // No function made here: V8 keeps one that a field is given, and the input with it, until a major collection.
    execution.steps = steps;
    return steps.run((step) => Reflect.apply(body, this, [input, step]));
  };
  Object.defineProperty(run, 'name', { value: body.name || name });
  return run;
}
