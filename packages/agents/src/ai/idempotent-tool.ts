import type { Idempotency } from '@twiceproof/core';
import { asSchema, type InferToolInput, type Tool, type ToolExecutionOptions } from 'ai';
import { toolCalls } from '../calls/tool-calls.ts';
import type { NamedToolOptions } from '../calls/tool-options.ts';
import { checkFields } from '../schema/check-fields.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import { withDefinition } from '../schema/standard-schema.ts';
import { ReplayNotes } from './replay-notes.ts';
import { refuseGenerator, single } from './streaming.ts';

// biome-ignore lint/suspicious/noExplicitAny: the context is the tool's own
type Options = ToolExecutionOptions<any>;

/**
 * A tool of the AI SDK that is executed once for each piece of work. A replay gives the recorded output,
 * and tells the model that it was done before, and when. What must not be tried again is said to the model
 * as the tool's error. A tool without `execute` is answered as it is; one that streams is refused.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotentTool } from '@twiceproof/agents/ai';
 * import { tool } from 'ai';
 * import { z } from 'zod';
 *
 * declare const idempotency: Idempotency;
 * declare function refund(orderId: string, amount: number): Promise<{ refunded: number }>;
 *
 * export const tools = {
 *   refund: idempotentTool(
 *     idempotency,
 *     { operation: 'refund', key: ['orderId', 'amount'] },
 *     tool({
 *       description: 'Refund an order',
 *       inputSchema: z.object({ orderId: z.string(), amount: z.number(), reason: z.string() }),
 *       execute: ({ orderId, amount }) => refund(orderId, amount),
 *     }),
 *   ),
 * };
 * ```
 */
export function idempotentTool<OwnTool extends Tool>(
  idempotency: Idempotency,
  options: NamedToolOptions<InferToolInput<OwnTool>, [options: Options]>,
  tool: OwnTool,
): OwnTool {
  const { execute, toModelOutput } = tool;
  if (execute === undefined) return tool;
  const { operation } = options;
  refuseGenerator(operation, execute);
  const call = toolCalls<InferToolInput<OwnTool>, [Options]>(idempotency, options);
  const checked = checkSchema(operation, options, tool);
  const notes = new ReplayNotes();

  return {
    ...tool,
    execute: async (input: InferToolInput<OwnTool>, sdk: Options) => {
      await checked;
      const answer = await call({
        args: [input, sdk],
        run: () => single(operation, execute(input, sdk)),
      });
      notes.set(sdk?.toolCallId, answer.words);
      if ('value' in answer) return answer.value;
      throw 'error' in answer ? answer.error : new Error(answer.refusal, { cause: answer.cause });
    },
    toModelOutput: async (result: Parameters<NonNullable<Tool['toModelOutput']>>[0]) =>
      notes.before(
        result.toolCallId,
        toModelOutput ? await toModelOutput(result) : plain(result.output),
      ),
  };
}

/** Looks for the listed fields: now, or before the first call where the schema is still to come. */
function checkSchema(
  operation: string,
  options: NamedToolOptions<never, never>,
  { inputSchema }: Pick<Tool, 'inputSchema'>,
): Promise<void> | undefined {
  if (!Array.isArray(options.key) && !Array.isArray(options.fingerprint)) return undefined;
  const { jsonSchema } = asSchema(inputSchema);
  const check = (schema: unknown): void =>
    checkFields(operation, options, withDefinition(schema as JsonSchema, inputSchema)!);
  if (!('then' in jsonSchema)) {
    check(jsonSchema);
    return undefined;
  }
  const checked = Promise.resolve(jsonSchema as PromiseLike<unknown>).then(check);
  // It shows in the first call.
  checked.catch(() => {});
  return checked;
}

/** As the SDK gives an output to the model that has no `toModelOutput`. */
function plain(output: unknown): { type: 'text'; value: string } | { type: 'json'; value: never } {
  if (typeof output === 'string') return { type: 'text', value: output };
  const text = JSON.stringify(output);
  return { type: 'json', value: (text === undefined ? null : JSON.parse(text)) as never };
}
