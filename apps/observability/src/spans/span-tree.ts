import { attributeNames } from '@twiceproof/otel';
import { callsOfKey } from './calls-of-key.ts';
import type { PlainSpan } from './plain-span.ts';

/** How a tree is painted. Each function is given text and answers text. */
export interface TreePaint {
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

interface Line {
  readonly tree: string;
  readonly span: PlainSpan;
}

const unpainted: TreePaint = { dim: (text) => text, good: (text) => text, bad: (text) => text };

/**
 * Every call of one key with the spans below it, as a tracing backend shows them: one tree per call,
 * oldest first. A replay names the trace of the execution that it replays.
 */
export function spanTree(
  spans: readonly PlainSpan[],
  key: string,
  paint: TreePaint = unpainted,
): string {
  const children = Map.groupBy(spans, ({ parentSpanId }) => parentSpanId);
  const trees = callsOfKey(spans, key).map((call) => linesOf(call, children, '', ''));
  const width = Math.max(0, ...trees.flat().map(({ tree }) => tree.length));
  const text = ({ tree, span }: Line): string =>
    `${tree.padEnd(width)}  ${durationOf(span)}  ${noteOf(span, paint)}`.trimEnd();
  return trees
    .map((lines) => [paint.dim(`trace ${lines[0]!.span.traceId}`), ...lines.map(text)].join('\n'))
    .join('\n\n');
}

function linesOf(
  span: PlainSpan,
  children: ReadonlyMap<string | undefined, readonly PlainSpan[]>,
  lead: string,
  below: string,
): Line[] {
  const inside = (children.get(span.spanId) ?? []).toSorted((a, b) => a.startMs - b.startMs);
  return [
    { tree: `${lead}${span.name}`, span },
    ...inside.flatMap((child, index) =>
      index === inside.length - 1
        ? linesOf(child, children, `${below}└─ `, `${below}   `)
        : linesOf(child, children, `${below}├─ `, `${below}│  `),
    ),
  ];
}

function durationOf({ durationMs }: PlainSpan): string {
  return `${durationMs.toFixed(durationMs < 10 ? 1 : 0)} ms`.padStart(9);
}

/** What a reader looks for: how a call ended, which attempt ran, and what is replayed. */
function noteOf({ attributes, failed, links }: PlainSpan, { good, bad, dim }: TreePaint): string {
  const outcome = attributes[attributeNames.outcome];
  const attempt = attributes[attributeNames.attempt];
  const errorType = attributes[attributeNames.errorType];
  const [original] = links;
  // A duplicate that came early has a type of error, and is none.
  const asError = failed ? bad : dim;
  const notes = [
    outcome !== undefined && (errorType === undefined ? good : asError)(String(outcome)),
    attempt !== undefined && `attempt ${attempt}`,
    errorType !== undefined && asError(String(errorType)),
    original && dim(`of trace ${original.traceId}`),
  ];
  return notes.filter((note) => typeof note === 'string').join('  ');
}
