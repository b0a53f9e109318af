import type { RunContext } from '@openai/agents';
import type { ToolOptions } from '../calls/tool-options.ts';

/** Options of core, and the name of the operation: the tool's unless given. */
export type OpenAiToolOptions<Input, Context> = ToolOptions<
  Input,
  [context: RunContext<Context> | undefined, details: unknown]
> & { readonly operation?: string | undefined };
