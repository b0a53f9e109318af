import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';

const choices: readonly (readonly [string | false, string])[] = [
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
  ['90d', '90 days'],
  [false, 'Until someone deletes it'],
];

/** How long from now, from a choice or in words of one's own. */
export function RetentionField({
  retention,
  isFirst,
  legend = 'Keep it for',
}: {
  retention: Signal<string | false>;
  isFirst: boolean;
  legend?: string;
}): JSX.Element {
  const isOwn = useSignal(false);
  return (
    <fieldset class="field">
      <legend>{legend}</legend>
      <div class="choices">
        {choices.map(([value, label]) => (
          <label key={label}>
            <input
              type="radio"
              name="retention"
              autofocus={isFirst && value === '7d'}
              checked={!isOwn.value && retention.value === value}
              onChange={() => {
                isOwn.value = false;
                retention.value = value;
              }}
            />
            {label}
          </label>
        ))}
        <label>
          <input
            type="radio"
            name="retention"
            checked={isOwn.value}
            onChange={() => {
              isOwn.value = true;
              retention.value = '';
            }}
          />
          Other
        </label>
        {isOwn.value && (
          <input
            type="text"
            required
            aria-label="Duration"
            placeholder="e.g. 36h or 14d"
            pattern="\s*\d+(\.\d+)?(ms|s|m|h|d)\s*"
            title="A number with a unit: s, m, h or d"
            onInput={(event) => {
              retention.value = event.currentTarget.value.trim();
            }}
          />
        )}
      </div>
    </fieldset>
  );
}
