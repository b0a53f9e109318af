import { Agent, type FunctionTool, Runner } from '@openai/agents';
import { assistantMessage, functionCall, ScriptedModel } from '@openai/agents/testing';

/** One run of an agent with one tool, whose model makes these calls and then says that it is done. */
export async function openaiRun(
  // biome-ignore lint/suspicious/noExplicitAny: tools of any input and output
  tool: FunctionTool<any, any, any>,
  calls: readonly [callId: string, input: string | Record<string, unknown>][],
) {
  const steps = calls.map(([callId, input]) => [functionCall(tool.name, input, { callId })]);
  const model = new ScriptedModel([...steps, [assistantMessage('done')]]);
  const agent = new Agent({ name: 'Support', model, tools: [tool] });
  const result = await new Runner({ tracingDisabled: true }).run(agent, 'Refund the order.');
  const history = model.lastCall?.request.input ?? [];
  const told = (typeof history === 'string' ? [] : history).flatMap((item) =>
    item.type === 'function_call_result' ? [item.output] : [],
  );
  const { interruptions } = result;
  return {
    text: interruptions.length > 0 ? undefined : result.finalOutput,
    interruptions,
    /** What the model was told of each call. */
    toldText: told.map((each) => textOf(each)),
  };
}

function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  const parts = (Array.isArray(output) ? output : [output]) as { readonly text?: string }[];
  return parts.map((part) => part.text ?? JSON.stringify(part)).join('\n');
}
