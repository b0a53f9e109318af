import type { ToolAnswer } from '../calls/tool-answer.ts';
import type { ToolResult } from './tool-server.ts';

/** A tool's error: the model reads it, and the run goes on. */
export function toolError(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** The result that the client gets; throws the tool's own error. */
export function resultOf(answer: ToolAnswer<ToolResult>): ToolResult {
  if ('error' in answer) throw answer.error;
  if ('refusal' in answer) return toolError(answer.refusal);
  const { value, words, isReplay } = answer;
  if (words === undefined) return value;
  const told = { ...value, content: [{ type: 'text', text: words }, ...(value.content ?? [])] };
  return isReplay ? { ...told, _meta: { ...value._meta, 'twiceproof/replayed': true } } : told;
}

/** Whether a result ends the work: an error does not, nor does a question to the user. */
export function verdictOn(result: ToolResult, failure: unknown): 'record' | 'release' | 'unknown' {
  if (result?.isError === true) return failure === 'unknown' ? 'unknown' : 'release';
  return result?.resultType === 'input_required' ? 'release' : 'record';
}
