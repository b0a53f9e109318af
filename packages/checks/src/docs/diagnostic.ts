import type { Example } from './example.ts';

/** A complaint of the compiler, told in places of the document. */
export interface Diagnostic {
  /** Undefined for a complaint about something other than an example. */
  readonly example: Example | undefined;
  readonly message: string;
}

/** Reads the compiler's plain output; lines that continue a complaint are indented. */
export function diagnosticsOf(
  output: string,
  examples: ReadonlyMap<string, Example>,
): Diagnostic[] {
  const complaints = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .reduce<string[]>((found, line) => {
      if (/^\s/.test(line) && found.length > 0) found.push(`${found.pop()}\n${line}`);
      else found.push(line);
      return found;
    }, []);
  return complaints.map((complaint) => placed(complaint, examples));
}

function placed(complaint: string, examples: ReadonlyMap<string, Example>): Diagnostic {
  const [, path = '', row, column, message] =
    /^(.+?)\((\d+),(\d+)\): ([\s\S]*)$/.exec(complaint) ?? [];
  const example = examples.get(path);
  if (example === undefined) return { example, message: complaint };
  const line = example.lines[Number(row) - 1] ?? example.lines.at(-1);
  const place = `${line?.file}:${line?.number}:${Number(column) + (line?.indent ?? 0)}`;
  return { example, message: `${place} ${message}` };
}
