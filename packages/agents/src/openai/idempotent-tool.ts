import type {
  FunctionTool,
  ToolOptions as SdkToolOptions,
  tool as sdkTool,
  ToolExecuteArgument,
  ToolInputParameters,
  ToolOutputSchema,
} from '@openai/agents';
import type { Idempotency } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';
import { idempotentBuiltTool } from './built-tool.ts';
import { idempotentNewTool } from './new-tool.ts';
import type { OpenAiToolOptions } from './tool-options.ts';

export type { OpenAiToolOptions };

/**
 * A tool of the OpenAI Agents SDK that is executed once for each piece of work. A replay gives the recorded
 * output behind words that say so; what must not be tried again is said in words. It takes a tool, or what
 * `tool()` takes: a tool whose own `errorFunction` turns errors into text has to be given as the latter, or
 * that text is recorded like any other output.
 *
 * @example
 * ```ts
 * import { Agent, tool } from '@openai/agents';
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotentTool } from '@twiceproof/agents/openai';
 * import { z } from 'zod';
 *
 * declare const idempotency: Idempotency;
 * declare function refund(orderId: string): Promise<string>;
 *
 * export const agent = new Agent({
 *   name: 'Support',
 *   tools: [
 *     idempotentTool(
 *       idempotency,
 *       { key: ['orderId'] },
 *       tool({
 *         name: 'refund',
 *         description: 'Refund an order',
 *         parameters: z.object({ orderId: z.string(), reason: z.string() }),
 *         execute: ({ orderId }) => refund(orderId),
 *       }),
 *     ),
 *   ],
 * });
 * ```
 */
export function idempotentTool<Context, Parameters extends ToolInputParameters, Result>(
  idempotency: Idempotency,
  options: OpenAiToolOptions<ToolExecuteArgument<Parameters>, Context>,
  tool: FunctionTool<Context, Parameters, Result>,
): FunctionTool<Context, Parameters, Result>;
export function idempotentTool<
  Parameters extends ToolInputParameters,
  Context = unknown,
  OutputSchema extends ToolOutputSchema | undefined = undefined,
>(
  idempotency: Idempotency,
  options: OpenAiToolOptions<ToolExecuteArgument<Parameters>, Context>,
  tool: SdkToolOptions<Parameters, Context, OutputSchema>,
): ReturnType<typeof sdkTool<Parameters, Context, string, OutputSchema>>;
export function idempotentTool(
  idempotency: Idempotency,
  options: OpenAiToolOptions<never, never>,
  tool: object,
): unknown {
  if ('invoke' in tool) return idempotentBuiltTool(idempotency, options, tool as never);
  if ('execute' in tool) return idempotentNewTool(idempotency, options, tool as never);
  throw invalidOption(
    'idempotentTool was given a tool that is not executed here; give a function tool, or the options of tool()',
  );
}
