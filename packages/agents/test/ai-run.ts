import { generateText, isStepCount, type ToolSet } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';

type Result = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>;

const usage: Result['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** One run of an agent whose model makes these calls, one after the other, and then says that it is done. */
export async function aiRun(
  tools: ToolSet,
  calls: readonly [toolCallId: string, input: unknown][],
) {
  const answers = calls.map(
    ([toolCallId, input]): Result => ({
      content: [
        { type: 'tool-call', toolCallId, toolName: 'refund', input: JSON.stringify(input) },
      ],
      finishReason: { unified: 'tool-calls', raw: undefined },
      usage,
      warnings: [],
    }),
  );
  const last: Result = {
    content: [{ type: 'text', text: 'done' }],
    finishReason: { unified: 'stop', raw: undefined },
    usage,
    warnings: [],
  };
  const model = new MockLanguageModelV4({ doGenerate: [...answers, last] });
  const { text, steps } = await generateText({
    model,
    tools,
    prompt: 'Refund the order.',
    stopWhen: isStepCount(10),
  });
  const told = model.doGenerateCalls
    .at(-1)!
    .prompt.flatMap((message) =>
      message.role === 'tool'
        ? message.content.flatMap((part) => (part.type === 'tool-result' ? [part.output] : []))
        : [],
    );
  return {
    text,
    /** The outputs and errors of the tool, as the program sees them. */
    results: steps.flatMap((step) => step.content.filter((part) => part.type.startsWith('tool-'))),
    /** What the model was told of each call. */
    told,
    /** The same as text. */
    toldText: told.map((each) => JSON.stringify(each)),
  };
}
