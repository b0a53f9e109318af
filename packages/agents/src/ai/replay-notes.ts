import type { Tool } from 'ai';

type ModelOutput = Awaited<ReturnType<NonNullable<Tool['toModelOutput']>>>;
type Content = Extract<ModelOutput, { type: 'content' }>['value'][number];
type Text = Extract<Content, { type: 'text' }>;

const most = 1_000;

/**
 * What the model has to be told beside a tool's output, by the call's id: it is all that the SDK gives
 * when it asks for the words. Only the last ones are kept.
 */
export class ReplayNotes {
  readonly #words = new Map<string, string>();

  /** Notes words for a call, or that there are none. */
  set(callId: string, words: string | undefined): void {
    this.#words.delete(callId);
    if (words === undefined) return;
    this.#words.set(callId, words);
    if (this.#words.size > most) this.#words.delete(this.#words.keys().next().value!);
  }

  /** The output with the words before it. */
  before(callId: string, output: ModelOutput): ModelOutput {
    const words = this.#words.get(callId);
    return words === undefined ? output : withWords(words, output);
  }
}

function withWords(words: string, output: ModelOutput): ModelOutput {
  const text = { type: 'text', text: words } as const;
  switch (output.type) {
    case 'text':
    case 'error-text':
      return { ...output, value: `${words}\n${output.value}` };
    case 'json':
      return { type: 'content', value: [text, jsonText(output)] };
    case 'content':
      return { ...output, value: [text, ...output.value] };
    case 'error-json':
    case 'execution-denied':
      return output;
  }
}

/** The options of an output belong to what a provider makes of it. */
function jsonText({ value, providerOptions }: Extract<ModelOutput, { type: 'json' }>): Text {
  const text = { type: 'text', text: JSON.stringify(value) } as const;
  return providerOptions === undefined ? text : { ...text, providerOptions };
}
