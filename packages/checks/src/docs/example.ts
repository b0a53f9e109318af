import type { Document } from './document.ts';
import { type Directive, fences } from './fence.ts';
import type { Line } from './line.ts';

/** A TypeScript example, complete with everything it takes to compile it alone. */
export interface Example {
  readonly file: string;
  /** Where its code starts, 1-based. */
  readonly number: number;
  readonly run: boolean;
  readonly lines: readonly Line[];
}

const known = ['prelude', 'continue', 'run'];

/** The TypeScript examples of a document, in its order. */
export function examples(document: Document): Example[] {
  const found: Example[] = [];
  for (const fence of fences(document)) {
    if (!['ts', 'typescript'].includes(fence.language)) continue;
    const [first] = fence.lines;
    if (first === undefined) continue;
    for (const directive of fence.directives) refuseUnknown(directive, first);
    const directive = (name: string) => fence.directives.filter((each) => each.name === name);
    const before = directive('continue').length > 0 ? found.at(-1) : undefined;
    found.push({
      file: first.file,
      number: first.number,
      run: directive('run').length > 0,
      lines: [
        ...(before?.lines ?? []),
        ...directive('prelude').flatMap((prelude) => prelude.lines),
        ...fence.lines,
      ],
    });
  }
  return found;
}

function refuseUnknown(directive: Directive, above: Line): void {
  if (known.includes(directive.name)) return;
  throw new Error(
    `${above.file}:${above.number}: "check: ${directive.name}" above this block is unknown; use one of ${known.join(', ')}`,
  );
}
