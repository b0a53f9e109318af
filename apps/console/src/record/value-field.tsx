import { type Signal, useComputed } from '@preact/signals';
import type { JSX } from 'preact';

/** Why the text is no JSON; undefined if it is, and for no value at all. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `This is no JSON yet: ${(error as Error).message}`;
  }
}

/** A JSON value, checked while it is typed. */
export function ValueField({ value }: { value: Signal<string> }): JSX.Element {
  const problem = useComputed(() => jsonProblem(value.value)).value;
  return (
    <label class="field">
      <span>Value</span>
      <textarea
        rows={5}
        autofocus
        spellcheck={false}
        placeholder={'{ "receipt": "r-1" }'}
        value={value}
        aria-describedby="value-problem"
        aria-invalid={problem !== undefined}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      <span id="value-problem" class={problem ? 'hint bad' : 'hint'}>
        {problem ?? 'JSON. Leave it empty for a function that returns nothing.'}
      </span>
    </label>
  );
}
