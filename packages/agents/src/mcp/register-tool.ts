import type { Idempotency } from '@twiceproof/core';
import { checkWrappable, invalidOption } from '@twiceproof/core/toolkit';
import { toolCalls } from '../calls/tool-calls.ts';
import type { ToolOptions } from '../calls/tool-options.ts';
import * as words from '../calls/words.ts';
import { checkFields } from '../schema/check-fields.ts';
import { type FieldSchemas, jsonSchemaOf, type StandardSchema } from '../schema/standard-schema.ts';
import { clientKey, isShared } from './request.ts';
import { resultOf, toolError, verdictOn } from './tool-result.ts';
import type {
  ToolConfig,
  ToolExtra,
  ToolHandler,
  ToolInput,
  ToolResult,
  ToolServer,
} from './tool-server.ts';

/** Options of core, and the name of the operation: the tool's unless given. */
export type McpToolOptions<Schema, Extra> = ToolOptions<ToolInput<Schema>, [extra: Extra]> & {
  readonly operation?: string | undefined;
};

/**
 * Registers a tool that is executed once for each piece of work, with a server of the MCP SDK, 1.x or 2.x.
 * A replay is the recorded result, with a text before it that says so. A client may choose the key itself,
 * as `_meta.idempotencyKey` of its request. Over HTTP users share a server, so `scope` is required there.
 *
 * @example
 * ```ts
 * import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
 * import type { Idempotency } from '@twiceproof/core';
 * import { registerTool } from '@twiceproof/agents/mcp';
 * import { z } from 'zod';
 *
 * declare const idempotency: Idempotency;
 * declare function refund(orderId: string): Promise<string>;
 *
 * const server = new McpServer({ name: 'shop', version: '1.0.0' });
 * registerTool(
 *   server,
 *   idempotency,
 *   'refund',
 *   {
 *     inputSchema: { orderId: z.string(), reason: z.string() },
 *     idempotency: { key: ['orderId'], scope: (_input, extra) => extra.authInfo!.clientId },
 *   },
 *   async ({ orderId }) => ({ content: [{ type: 'text', text: await refund(orderId) }] }),
 * );
 * ```
 */
export function registerTool<
  Server extends ToolServer,
  Result extends object,
  const Schema extends StandardSchema | FieldSchemas | undefined = undefined,
>(
  server: Server,
  idempotency: Idempotency,
  name: string,
  config: ToolConfig<Schema, McpToolOptions<Schema, ToolExtra<Server>>>,
  handler: ToolHandler<Schema, ToolExtra<Server>, Result>,
): ReturnType<Server['registerTool']> {
  type Extra = ToolExtra<Server>;
  const { idempotency: options, annotations, ...own } = config;
  const { operation = name, verdict } = options ?? {};
  const calls = toolCalls<ToolInput<Schema>, [Extra]>(idempotency, {
    ...options,
    operation,
    verdict: (result: unknown) => {
      const own = verdictOn(result as ToolResult, options.failure);
      return own === 'record' ? (verdict?.(result) ?? own) : own;
    },
  });
  if (typeof handler !== 'function') {
    throw invalidOption(`tool '${name}' has no function as its handler`);
  }
  checkWrappable(handler, `tool '${name}'`);
  const { inputSchema } = config;
  checkFields(name, options, inputSchema === undefined ? {} : jsonSchemaOf(name, inputSchema));

  const answer = async (input: ToolInput<Schema>, extra: Extra, run: () => unknown) => {
    if (options.scope === undefined && isShared(extra)) return toolError(words.withoutScope(name));
    const chosen = clientKey(extra);
    if (chosen === 'unusable') return toolError(words.unusableKey(name));
    return resultOf(await calls({ args: [input, extra], run: run as () => ToolResult, ...chosen }));
  };
  const handle = handler as (...args: unknown[]) => unknown;
  return server.registerTool(
    name,
    { ...own, annotations: { ...annotations, idempotentHint: true } },
    // The SDK gives a tool without input the extra alone.
    inputSchema === undefined
      ? (extra: Extra) => answer(undefined as never, extra, () => handle(extra))
      : (input: ToolInput<Schema>, extra: Extra) =>
          answer(input, extra, () => handle(input, extra)),
  ) as ReturnType<Server['registerTool']>;
}
