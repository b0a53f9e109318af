import type { FunctionTool } from '@openai/agents';
import type { Idempotency } from '@twiceproof/core';
import { toolCalls } from '../calls/tool-calls.ts';
import { checkFields } from '../schema/check-fields.ts';
import { isFailedText, refuseFailedText } from './failed-text.ts';
import { outputOf } from './output.ts';
import type { OpenAiToolOptions } from './tool-options.ts';

/** Makes a tool idempotent that is built already. */
export function idempotentBuiltTool(
  idempotency: Idempotency,
  options: OpenAiToolOptions<never, never>,
  tool: FunctionTool,
): FunctionTool {
  const { name, parameters, outputSchema } = tool;
  const call = toolCalls(idempotency, { ...options, operation: options?.operation ?? name });
  checkFields(name, options, parameters as never);
  return {
    ...tool,
    invoke: async (runContext, input, details) => {
      const parsed = parsedInput(input);
      // The tool says itself what is wrong with an input that it cannot read.
      if (parsed === undefined) return tool.invoke(runContext, input, details);
      const answer = await call({
        args: [parsed.value, runContext, details] as never,
        run: async () => {
          const output = await tool.invoke(runContext, input, details);
          refuseFailedText(tool, output);
          return output;
        },
      });
      if (!('error' in answer)) return outputOf(answer, outputSchema !== undefined);
      if (isFailedText(answer.error)) return answer.error.message;
      throw answer.error;
    },
  };
}

function parsedInput(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
