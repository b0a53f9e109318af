import { type Instrumentation, isIdempotencyError } from '@twiceproof/core';

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
    async execute(call, next) {
      const note = (answer: CallAnswer, error?: unknown): void => {
        const message = answer === 'failed' ? messageOf(error) : undefined;
        report({ operation: call.operation, recordId: call.id, answer, error: message });
      };
      try {
        const result = await next();
        note(call.outcome === 'replayed' ? 'replayed' : 'executed');
        return result;
      } catch (error) {
        // A workflow fails with its step's conflict; that is no failure of the work.
        note(isIdempotencyError(error, 'IN_PROGRESS') ? 'conflict' : 'failed', error);
        throw error;
      }
    },
  };
}

/** What went wrong in one line. A cause that the message points at takes its place: nobody sees it here. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return message.replace(/see the cause$/, () => messageOf(cause));
}
