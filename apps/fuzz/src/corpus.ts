import { readFileSync } from 'node:fs';

/** The inputs that a target begins with, a JSON text in each line. What was ever found is added to them. */
export function corpusOf(target: string): readonly string[] {
  const file = readFileSync(new URL(`../corpus/${target}.jsonl`, import.meta.url), 'utf8');
  return file
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string);
}
