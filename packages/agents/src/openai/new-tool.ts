import {
  type FunctionTool,
  type ToolOptions as SdkToolOptions,
  tool as sdkTool,
} from '@openai/agents';
import type { Idempotency } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';
import { toolCalls } from '../calls/tool-calls.ts';
import { checkFields } from '../schema/check-fields.ts';
import { withDefinition } from '../schema/standard-schema.ts';
import { outputOf } from './output.ts';
import type { OpenAiToolOptions } from './tool-options.ts';

type NewTool = SdkToolOptions<never, unknown> & {
  readonly execute: (...args: unknown[]) => unknown;
};

/** Builds a tool whose `execute` is idempotent: what it throws is known before the SDK makes a text of it. */
export function idempotentNewTool(
  idempotency: Idempotency,
  options: OpenAiToolOptions<never, never>,
  given: NewTool,
): FunctionTool {
  const { execute, outputSchema } = given;
  const built = sdkTool<never, unknown, unknown>({
    ...given,
    execute: async (...args: unknown[]) => {
      const answer = await call({ args: args as never, run: () => execute(...args) });
      if ('error' in answer) throw answer.error;
      return outputOf(answer, outputSchema !== undefined);
    },
  } as never) as unknown as FunctionTool;
  if (typeof execute !== 'function') {
    throw invalidOption(`tool '${built.name}' has no function to execute`);
  }
  const operation = options?.operation ?? built.name;
  const call = toolCalls(idempotency, { ...options, operation });
  checkFields(built.name, options, withDefinition(built.parameters as never, given.parameters)!);
  return built;
}
