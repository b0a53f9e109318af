import { outcomeUnknown } from '@twiceproof/core';

/** A text that the SDK made of what a tool threw: the tool failed, and the model gets this. */
class FailedText extends Error {
  override readonly name = 'FailedText';
}

/** Whether an error is such a text, also one that was recorded and is thrown again. */
export function isFailedText(error: unknown): error is Error {
  return error instanceof Error && error.name === 'FailedText';
}

/**
 * Throws for what a built tool answers in place of an error. Only the SDK's own texts can be told from an
 * output.
 */
export function refuseFailedText(
  tool: { readonly name: string; readonly timeoutMs?: number },
  output: unknown,
): void {
  if (typeof output !== 'string') return;
  if (output.startsWith('An error occurred while running the tool.')) throw new FailedText(output);
  // The tool goes on: nobody knows yet what comes of it.
  if (
    tool.timeoutMs !== undefined &&
    output === `Tool '${tool.name}' timed out after ${tool.timeoutMs}ms.`
  ) {
    throw outcomeUnknown(new FailedText(output));
  }
}
