import { type CallInfo, type Instrumentation, isIdempotencyError } from '@idemkit/core';

export type CallAnswer = 'executed' | 'replayed' | 'conflict' | 'failed';

/** How one call of the pipeline, or of one of its steps, was answered. */
export interface CallReport {
  readonly operation: string;
  readonly recordId: string | undefined;
  readonly answer: CallAnswer;
  readonly error: string | undefined;
}

/** Watches every call. What a step answers shows nowhere else: the workflow only sees its value. */
export function callReports(report: (call: CallReport) => void): Instrumentation {
  return {
    execute: async (call, next) => {
      try {
        return await next();
      } finally {
        const answer = answerOf(call);
        const error = answer === 'failed' ? messageOf(call.error) : undefined;
        report({ operation: call.operation, recordId: call.id, answer, error });
      }
    },
  };
}

function answerOf({ outcome, error }: CallInfo): CallAnswer {
  if (outcome === 'executed' || outcome === 'replayed') return outcome;
  // A workflow fails with its step's conflict; that is no failure of the work.
  return isIdempotencyError(error, 'IN_PROGRESS') ? 'conflict' : 'failed';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
