import { type Signal, useComputed } from '@preact/signals';
import type { JSX } from 'preact';

/** Why the text is no JSON; undefined if it is. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === '') return 'Give a JSON value; null if the function returns nothing.';
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
        required
        autofocus
        spellcheck={false}
        placeholder={'{ "receipt": "r-1" }'}
        value={value}
        aria-describedby="value-problem"
        aria-invalid={value.value !== '' && problem !== undefined}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      <span id="value-problem" class={value.value !== '' && problem ? 'hint bad' : 'hint'}>
        {problem ?? 'Valid JSON.'}
      </span>
    </label>
  );
}
