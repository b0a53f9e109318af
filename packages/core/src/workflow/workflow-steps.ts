import { IdempotencyError } from '../errors.ts';
import { asItIs } from '../execution/call.ts';
import type { Deployment } from '../execution/deployment.ts';
import type { NestedExecution } from '../execution/nested-execution.ts';
import { Operation } from '../execution/operation.ts';
import { isOtherInput } from '../execution/other-input.ts';
import { missingPart } from '../key/missing-part.ts';
import { mergeOptions } from '../options/merge-options.ts';
import type { KeyValue, OperationOptions } from '../options/options.ts';
import { type Policy, policyOf } from '../options/policy.ts';
import { checkStep, type Step, type StepOptions } from './step.ts';
import { retireSteps } from './step-retention.ts';

/**
 * The steps of one workflow execution. A step is an operation of its own, `workflow.step`, under the
 * workflow's record: the same workflow key, scope and run find the same steps again.
 */
export class WorkflowSteps {
  /** Records of steps that this execution has asked for and that are kept for as long as it is. */
  readonly #retiring = new Set<string>();
  readonly #deployment: Deployment;
  readonly #name: string;
  readonly #defaults: OperationOptions;
  readonly #retentionMs: number | null;
  readonly #execution: NestedExecution;
  readonly #taken = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();
  #isOver = false;

  constructor(
    deployment: Deployment,
    name: string,
    defaults: OperationOptions,
    retentionMs: number | null,
    execution: NestedExecution,
  ) {
    this.#deployment = deployment;
    this.#name = name;
    this.#defaults = defaults;
    this.#retentionMs = retentionMs;
    this.#execution = execution;
  }

  /** Runs the body of the workflow, which ends when the steps that it started have ended. */
  async run<Result>(body: (step: Step) => Result): Promise<Awaited<Result>> {
    try {
      const result = await body(this.#step);
      // A step that nobody awaits is still part of what the workflow did, and may start another one.
      while (this.#running.size > 0) await Promise.allSettled(this.#running);
      return result;
    } finally {
      this.#isOver = true;
      await Promise.allSettled(this.#running);
    }
  }

  /** The workflow is completed: its steps are kept for no longer than that. */
  retire(): Promise<void> {
    const { retirement = 'on' } = this.#defaults;
    return retireSteps(this.#deployment, this.#retiring, this.#retentionMs, retirement);
  }

  readonly #step: Step = (name, fn, options = {}) => {
    const step = this.#take(name, fn, options);
    this.#running.add(step);
    const ended = (): unknown => this.#running.delete(step);
    step.then(ended, ended);
    return step;
  };

  async #take<Value>(
    name: string,
    fn: () => Value | Promise<Value>,
    options: StepOptions,
  ): Promise<Value> {
    checkStep(this.#name, name, options);
    const { id, run } = this.#execution;
    this.#checkHeld(name);
    // A workflow that runs without a key has nothing under which a step could be found again.
    if (id === undefined) return fn();
    const { key: _key, ...own } = options;
    const policy = policyOf(mergeOptions(this.#defaults, own), this.#deployment.requests.store);
    const key = 'key' in options ? [id, options.key] : [id];
    const operation = this.#operationOf(name, id, key, policy);
    const guarded = (): Value | Promise<Value> => {
      this.#checkHeld(name);
      return fn();
    };
    const answer = async (): Promise<Value> => {
      const { value, outcome, record } = await operation.answer({ args: [], run }, guarded, asItIs);
      const isOther = record && isOtherInput(record.inputDigest, this.#execution.inputDigest);
      if (outcome === 'replayed' && isOther) this.#execution.noteOtherInput();
      return value;
    };
    if (policy.missingKey === 'execute' && missingPart(key) !== undefined) return answer();
    const stepId = await operation.idOf({ args: [], run });
    if (this.#taken.has(stepId)) throw repeated(this.#name, name, stepId);
    this.#taken.add(stepId);
    if (options.retention === undefined) this.#retiring.add(stepId);
    try {
      return await answer();
    } catch (error) {
      // It may be tried again: what failed was not completed, so it does not replay itself.
      this.#taken.delete(stepId);
      throw error;
    }
  }

  #operationOf(name: string, workflow: string, key: KeyValue, policy: Policy): Operation<[]> {
    const { run, scope, keyPreview, fingerprint, inputDigest } = this.#execution;
    return new Operation<[]>(this.#deployment, `${this.#name}.${name}`, policy, {
      key: () => key,
      isOfOneCall: true,
      run,
      scope,
      keyPreview,
      workflow,
      input: this.#defaults.input === false ? false : undefined,
      ...(fingerprint !== undefined && { fingerprint: () => fingerprint }),
      ...(inputDigest !== undefined && { inputDigest: () => inputDigest }),
    });
  }

  /** What was started late, or by an attempt that somebody took over, is not to be done. */
  #checkHeld(step: string): void {
    if (!this.#isOver && !this.#execution.isOver && this.#execution.isHeld) return;
    const what = this.#execution.isHeld ? 'its workflow has ended' : 'its workflow lost its lease';
    const message = `step '${step}' of '${this.#name}' was not started, because ${what}; await every step, and call the workflow again to go on`;
    throw new IdempotencyError('LEASE_LOST', message, { recordId: this.#execution.id });
  }
}

function repeated(workflow: string, name: string, recordId: string): IdempotencyError {
  const message = `step '${name}' of '${workflow}' was used twice in one execution and would replay itself; give each its own name, or a key: step('${name}', fn, { key: item.id })`;
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}
