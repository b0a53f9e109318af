import { IdempotencyError } from '../errors.ts';
import type { CallInfo, Instrumentation } from '../instrumentation.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { processState } from '../process-state.ts';
import { within } from '../within.ts';
import type { Answer } from './call.ts';
import { declaredLate, enclosingExecution } from './current-execution.ts';
import type { Deployment } from './deployment.ts';
import { downstreamKeyOf, downstreamUuidOf } from './downstream.ts';
import type { Ongoing } from './lifecycle.ts';
import type { CurrentExecution, NestedExecution } from './nested-execution.ts';
import { watchedRun } from './watched-run.ts';

/** Runs the function without idempotency, in an execution that looks like any other from inside. It may take
 * as long as any other, too. */
export async function bypass<T>(
  { lifecycle, runtime }: Deployment,
  info: CallInfo,
  fn: () => T | Promise<T>,
  instrumentation: Instrumentation | undefined,
  maxDurationMs: number | null,
): Promise<Answer<T>> {
  info.outcome = 'bypassed';
  const execution = new UnrecordedExecution(info);
  lifecycle.begin();
  lifecycle.add(execution);
  const invoke = (): Promise<T> =>
    processState.executions.run(execution, async () => {
      try {
        return await fn();
      } finally {
        execution.end();
      }
    });
  try {
    const running = instrumentation?.run ? watchedRun(instrumentation, info, invoke) : invoke();
    const giveUp = (): never => {
      const error = overdue(info, maxDurationMs!);
      execution.interrupt(error);
      throw error;
    };
    const value = await (maxDurationMs === null
      ? running
      : within(running, maxDurationMs, giveUp, runtime.clock));
    return { value, outcome: 'executed', record: undefined };
  } catch (error) {
    info.error = error;
    throw error;
  } finally {
    lifecycle.remove(execution);
    lifecycle.end();
  }
}

function overdue({ operation, id }: CallInfo, maxDurationMs: number): IdempotencyError {
  const message = `'${operation}' did not end within its maxDuration of ${maxDurationMs} ms; it ran without idempotency, so nothing is recorded and the next call executes`;
  return new IdempotencyError('TIMED_OUT', message, { recordId: id });
}

class UnrecordedExecution implements NestedExecution, Ongoing {
  readonly parent: NestedExecution | undefined = enclosingExecution();
  isOver = false;
  place = -1;
  readonly #info: CallInfo;
  #controller: AbortController | undefined;
  #shown: CurrentExecution | undefined;

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
  get fingerprint(): undefined {
    return undefined;
  }
  get inputDigest(): undefined {
    return undefined;
  }
  get isHeld(): boolean {
    return true;
  }
  get shown(): CurrentExecution {
    const { id, operation, run } = this.#info;
    this.#controller ??= new AbortController();
    const anyKey = nodeCrypto().randomUUID();
    this.#shown ??= {
      id,
      operation,
      run,
      attempt: 1,
      fence: 0,
      // Without a lease it is aborted only at the end, of the execution or of the process.
      signal: this.#controller.signal,
      downstreamKey: id === undefined ? anyKey : downstreamKeyOf(id),
      downstreamUuid: id === undefined ? anyKey : downstreamUuidOf(id),
      // There is no record to leave.
      declareUnknown: () => {
        if (this.isOver) throw declaredLate(operation, id);
      },
    };
    return this.#shown;
  }

  noteOtherInput(): void {
    this.#info.inputChanged = true;
  }

  interrupt(reason: IdempotencyError): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }

  end(): void {
    this.isOver = true;
    this.#controller?.abort(new DOMException('the execution has ended', 'AbortError'));
  }
}
