import { randomUUID } from 'node:crypto';
import type { CallInfo, Instrumentation } from '../instrumentation.ts';
import type { Answer } from './call.ts';
import { downstreamKeyOf, executionStorage, type NestedExecution } from './current-execution.ts';

/** Runs the function without idempotency, in an execution that looks like any other from inside. */
export async function bypass<T>(
  info: CallInfo,
  fn: () => T | Promise<T>,
  instrumentation: Instrumentation | undefined,
): Promise<Answer<T>> {
  info.outcome = 'bypassed';
  const execution = new UnrecordedExecution(info);
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
  readonly attempt = 1;
  readonly fence = 0;
  readonly parent: NestedExecution | undefined = executionStorage.getStore();
  readonly #info: CallInfo;
  #signal: AbortSignal | undefined;
  #random: string | undefined;

  constructor(info: CallInfo) {
    this.#info = info;
  }

  get id(): string | undefined {
    return this.#info.id;
  }
  get operation(): string {
    return this.#info.operation;
  }
  get run(): number {
    return this.#info.run;
  }
  get scope(): string | undefined {
    return this.#info.scope;
  }
  get keyPreview(): string | undefined {
    return this.#info.keyPreview;
  }

  /** Never aborted: there is no lease. */
  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }

  get downstreamKey(): string {
    const { id } = this.#info;
    if (id !== undefined) return downstreamKeyOf(id);
    this.#random ??= randomUUID();
    return this.#random;
  }
}
