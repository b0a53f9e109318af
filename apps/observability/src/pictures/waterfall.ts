import { attributeNames } from '@twiceproof/otel';
import type { PlainSpan } from '../spans/plain-span.ts';
import { type Html, html } from './html.ts';

export interface WaterfallOptions {
  readonly title: string;
  /** What is said beside a span, in the words of the page that shows the picture. */
  readonly noteOf?: (span: PlainSpan) => string | undefined;
  /** Milliseconds that the full width stands for; default: the trace's own duration. */
  readonly fullMs?: number;
}

/** One trace: each span with a bar from its start to its end, below the span that it belongs to. */
export function waterfall(
  spans: readonly PlainSpan[],
  traceId: string,
  { title, noteOf = () => undefined, fullMs }: WaterfallOptions,
): Html {
  const trace = spans.filter((span) => span.traceId === traceId);
  const startMs = Math.min(...trace.map((span) => span.startMs));
  const endMs = Math.max(...trace.map((span) => span.startMs + span.durationMs));
  const width = fullMs ?? endMs - startMs;
  const children = Map.groupBy(trace, ({ parentSpanId }) => parentSpanId);
  const rowsOf = (parent: string | undefined, depth: number): Html[] =>
    (children.get(parent) ?? [])
      .toSorted((a, b) => a.startMs - b.startMs)
      .flatMap((span) => [row(span, depth), ...rowsOf(span.spanId, depth + 1)]);

  const row = (span: PlainSpan, depth: number): Html => {
    const left = ((span.startMs - startMs) / width) * 100;
    const length = Math.max((span.durationMs / width) * 100, 0.4);
    const note = noteOf(span);
    return html`<tr>
      <td class="name" style="padding-left: ${12 + depth * 18}px">${span.name}</td>
      <td class="badge">${badge(span)}</td>
      <td class="bars"><div class="bar ${kindOf(span)}" style="margin-left: ${left}%; width: ${length}%"></div></td>
      <td class="ms">${duration(span.durationMs)}</td>
      <td class="note">${note}</td>
    </tr>`;
  };

  return html`<section class="trace">
    <h2>${title} <code>trace ${traceId.slice(0, 8)}…</code></h2>
    <table>${rowsOf(undefined, 0)}</table>
  </section>`;
}

/** How a call ended, or which attempt ran. */
export function badge({ attributes, failed }: PlainSpan): Html {
  const outcome = attributes[attributeNames.outcome];
  const attempt = attributes[attributeNames.attempt];
  if (outcome !== undefined && attributes[attributeNames.operationName] !== undefined) {
    return html`<span class="outcome ${String(outcome)}">${String(outcome)}</span>`;
  }
  if (attempt !== undefined) {
    return html`<span class="attempt ${failed ? 'failed' : ''}">attempt ${Number(attempt)}</span>`;
  }
  return html``;
}

export function duration(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function kindOf({ name, attributes, failed }: PlainSpan): string {
  if (failed) return 'failed';
  if (attributes[attributeNames.operationName] !== undefined) {
    return String(attributes[attributeNames.outcome]);
  }
  return name.startsWith('run ') ? 'run' : 'other';
}
