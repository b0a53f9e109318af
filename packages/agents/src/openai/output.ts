import type { ToolAnswer } from '../calls/tool-answer.ts';
import { wordsBefore } from './words-before.ts';

/**
 * What the model gets. An output that has to follow a schema leaves no room for words: there a replay is
 * the output alone, and a refusal is thrown, for the tool's `errorFunction` to say it.
 */
export function outputOf(
  answer: Exclude<ToolAnswer<unknown>, { readonly error: unknown }>,
  hasSchema: boolean,
): unknown {
  if ('refusal' in answer) {
    if (hasSchema) throw new Error(answer.refusal, { cause: answer.cause });
    return answer.refusal;
  }
  const { value, words } = answer;
  return words === undefined || hasSchema ? value : wordsBefore(words, value);
}
