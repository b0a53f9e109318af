import { operation } from '../pipeline.ts';
import { maxReceives } from '../queue.ts';
import { pathLabel } from '../state-folder.ts';
import type { Results } from './results.ts';
import { bad, firstOf, plural } from './words.ts';

/** What failed for good, and what could not even be delivered. */
export function failureLines({ input, outcome, state }: Results): string[] {
  const { deadLetters, stepErrors, tally } = outcome;
  const { badLines } = input;
  const lines: string[] = [];
  if (deadLetters.length > 0) {
    for (const [name, error] of stepErrors) {
      const { failedKeys } = tally.of(name);
      const step = name.slice(operation.length + 1) || name;
      lines.push(bad(`${step} failed for ${plural(failedKeys.size, 'order')}: ${error}`));
    }
    const orders = new Set(deadLetters.map(({ order }) => order)).size;
    const deliveries = plural(deadLetters.length, 'delivery', 'deliveries');
    lines.push(
      bad(`${deliveries} of ${plural(orders, 'order')} given up after ${maxReceives} receives`),
    );
  }
  if (badLines.length > 0) {
    lines.push(
      bad(`${plural(badLines.length, 'line')} of the input could not be delivered`),
      ...firstOf(badLines.map(({ line, why }) => `line ${line}: ${why}`)),
    );
  }
  if (lines.length > 0) lines.push(`  kept in ${pathLabel(state.undelivered)}`);
  return lines;
}
