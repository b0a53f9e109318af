import { styleText } from 'node:util';
import { operation, stepNames } from '../pipeline.ts';
import { type Results, totalDuplicates } from './results.ts';
import { tableLines } from './table.ts';
import { dim } from './words.ts';

const heads = [
  '',
  'deliveries',
  'unique\nkeys',
  'executed',
  'replayed',
  'conflicts',
  'failed',
  'duplicate\neffects',
];

/** How calls were answered, for the orders and for each step. The last column is the ledger's word. */
export function resultTable({ input, outcome, audit }: Results): string[] {
  const row = (
    name: string,
    operationName: string,
    deliveries: string,
    duplicates: number,
  ): string[] => {
    const { keys, answers } = outcome.tally.of(operationName);
    return [
      name,
      deliveries,
      count(keys.size),
      count(answers.executed),
      count(answers.replayed),
      count(answers.conflict),
      count(answers.failed, 'red'),
      duplicates === 0 ? styleText('green', '0') : count(duplicates, 'red'),
    ];
  };
  const steps = stepNames.map((name) =>
    row(` ${name}`, `${operation}.${name}`, '', totalDuplicates(audit, name)),
  );
  const order = row('order', operation, String(input.deliveries.length), totalDuplicates(audit));
  const lines = tableLines(heads, [order, ...steps]);
  return [...lines.slice(0, 2).map(dim), ...lines.slice(2)];
}

function count(value: number, format?: 'red'): string {
  if (value === 0) return dim('·');
  return format ? styleText(format, String(value)) : String(value);
}
