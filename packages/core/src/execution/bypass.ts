import { randomUUID } from 'node:crypto';
import type { CallInfo, Instrumentation } from '../instrumentation.ts';
import type { Answer } from './call.ts';
import { downstreamKeyOf, executionStorage, type NestedExecution } from './current-execution.ts';

/** Runs the function without idempotency, in an execution that looks like any other from inside. */
export async function bypass<T>(
  info: CallInfo,
  identify: (() => string) | undefined,
  fn: () => T | Promise<T>,
  instrumentation: Instrumentation | undefined,
): Promise<Answer<T>> {
  info.outcome = 'bypassed';
  const execution = new UnrecordedExecution(info, identify);
  const invoke = (): Promise<T> => executionStorage.run(execution, async () => await fn());
  try {
    const value = await (instrumentation?.run ? instrumentation.run(info, invoke) : invoke());
    return { value, outcome: 'executed', record: undefined };
  } catch (error) {
    info.error = error;
    throw error;
  }
}

class UnrecordedExecution implements NestedExecution {
  readonly operation: string;
  readonly attempt = 1;
  readonly fence = 0;
  readonly record = undefined;
  readonly parent: NestedExecution | undefined = executionStorage.getStore();
  readonly #info: CallInfo;
  readonly #identify: (() => string) | undefined;
  #signal: AbortSignal | undefined;
  #random: string | undefined;

  constructor(info: CallInfo, identify: (() => string) | undefined) {
    this.operation = info.operation;
    this.#info = info;
    this.#identify = identify;
  }

  get run(): number {
    return this.#info.run;
  }

  /** Identified when it is asked for: a call that runs without idempotency must not fail for its key. */
  get id(): string | undefined {
    try {
      return this.#info.id ?? this.#identify?.();
    } catch {
      return undefined;
    }
  }

  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }

  get downstreamKey(): string {
    const { id } = this;
    if (id !== undefined) return downstreamKeyOf(id);
    this.#random ??= randomUUID();
    return this.#random;
  }
}
