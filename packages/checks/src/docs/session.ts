import type { Document } from './document.ts';
import { fences } from './fence.ts';

/** What a reader types, and what is printed then. */
export interface Step {
  readonly typed: string;
  /** The next one is typed before this one has ended. */
  readonly isInBackground: boolean;
  readonly printed: readonly string[];
}

/** The steps of all sessions of a page, in its order. */
export function sessionsOf(document: Document): Step[] {
  const lines = fences(document)
    .filter(({ language }) => language === 'console')
    .flatMap((fence) => fence.lines.map(({ text }) => text));
  const steps: { typed: string; isInBackground: boolean; printed: string[] }[] = [];
  for (const line of lines) {
    if (!line.startsWith('$ ')) steps.at(-1)?.printed.push(line);
    else {
      const isInBackground = line.endsWith(' &');
      const typed = line.slice(2, isInBackground ? -2 : undefined);
      steps.push({ typed, isInBackground, printed: [] });
    }
  }
  return steps;
}

/** The first line of a page that was not printed. `…` stands for anything, headers come in any order, and other
 * lines may stand between. */
export function missingLine(
  shown: readonly string[],
  printed: readonly string[],
): string | undefined {
  const all = printed.map(comparable);
  return shown.find((line) => !all.some((each) => isLike(comparable(line), each)));
}

/** Servers and libraries write the names of headers in their own ways. */
function comparable(line: string): string {
  return line.trim().toLowerCase();
}

function isLike(line: string, printed: string): boolean {
  const [start = '', ...parts] = line.split('…');
  if (parts.length === 0) return printed === start;
  if (!printed.startsWith(start) || !printed.endsWith(parts.at(-1)!)) return false;
  let at = start.length;
  return parts.every((part) => {
    const found = printed.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}
