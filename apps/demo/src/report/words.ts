import { styleText } from 'node:util';

export function good(text: string): string {
  return `${styleText('green', '✓')} ${text}`;
}

export function bad(text: string): string {
  return `${styleText('red', '✗')} ${text}`;
}

export function worthKnowing(text: string): string {
  return `${styleText('yellow', '!')} ${text}`;
}

export function dim(text: string): string {
  return styleText('dim', text);
}

/** A count with its noun. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const shown = 5;

/** The first few of a list that may be long, and how many more there are. */
export function firstOf(lines: readonly string[]): string[] {
  const first = lines.slice(0, shown).map((line) => `  ${line}`);
  return lines.length > shown ? [...first, `  and ${lines.length - shown} more`] : first;
}
