import { randomUUID } from 'node:crypto';
import type { CallInfo, Instrumentation } from '../instrumentation.ts';
import type { Answer } from './call.ts';
import {
  type CurrentExecution,
  downstreamKeyOf,
  executionStorage,
  type NestedExecution,
} from './current-execution.ts';

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
  readonly parent: NestedExecution | undefined = executionStorage.getStore();
  readonly #info: CallInfo;
  #shown: CurrentExecution | undefined;

  constructor(info: CallInfo) {
    this.#info = info;
  }

  get id(): string | undefined {
    return this.#info.id;
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
  get shown(): CurrentExecution {
    const { id, operation, run } = this.#info;
    this.#shown ??= {
      id,
      operation,
      run,
      attempt: 1,
      fence: 0,
      // Never aborted: there is no lease.
      signal: new AbortController().signal,
      downstreamKey: id === undefined ? randomUUID() : downstreamKeyOf(id),
    };
    return this.#shown;
  }
}
