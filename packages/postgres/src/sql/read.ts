import type { Names } from '../names.ts';
import { now } from './clock.ts';
import { recordColumns } from './columns.ts';

/** Reads records, also expired ones, with their outcomes. In: an array of ids. */
export function read({ table }: Names): string {
  return `
SELECT ${recordColumns('held')}, encode(held.outcome, 'hex') AS outcome,
  (SELECT ${now}) AS now
FROM ${table} AS held
WHERE held.id = ANY ($1::text[])`;
}
