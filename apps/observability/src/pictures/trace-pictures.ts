import { attributeNames } from '@twiceproof/otel';
import { callsOfKey } from '../spans/calls-of-key.ts';
import type { PlainSpan } from '../spans/plain-span.ts';
import { type Html, html } from './html.ts';
import type { RecordedTraces } from './record-traces.ts';
import type { Picture } from './take-picture.ts';
import { badge, duration, waterfall } from './waterfall.ts';

const short = (id: string): string => `${id.slice(0, 8)}…`;

/** The pictures of the page on observing that show traces. */
export function tracePictures({ spans, paymentKey, orderKey }: RecordedTraces): Picture[] {
  const payments = callsOfKey(spans, paymentKey);
  const [failed, restarted] = callsOfKey(spans, orderKey) as [PlainSpan, PlainSpan];
  return [
    { name: 'calls-of-one-key', width: 1040, body: searchResult(paymentKey, payments) },
    { name: 'replay-and-original', width: 1040, body: replayAndOriginal(spans, payments) },
    { name: 'restarted-workflow', width: 1040, body: restartedWorkflow(spans, failed, restarted) },
  ];
}

function searchResult(key: string, calls: readonly PlainSpan[]): Html {
  const first = calls[0]!.startMs;
  return html`
    <div class="search"><b>idempotency.key</b> = ${key}</div>
    <table class="found">
      <tr><th>after</th><th>span</th><th>idempotency.outcome</th><th>took</th><th>trace</th><th>idempotency.original.trace_id</th></tr>
      ${calls.map(
        (call) => html`<tr>
          <td class="ms">${duration(call.startMs - first)}</td>
          <td>${call.name}</td>
          <td>${badge(call)}</td>
          <td class="ms">${duration(call.durationMs)}</td>
          <td><code>${short(call.traceId)}</code></td>
          <td>${originalOf(call)}</td>
        </tr>`,
      )}
    </table>`;
}

function originalOf({ attributes }: PlainSpan): Html {
  const original = attributes[attributeNames.originalTraceId];
  return original === undefined ? html`` : html`<code>${short(String(original))}</code>`;
}

function replayAndOriginal(spans: readonly PlainSpan[], calls: readonly PlainSpan[]): Html {
  const executed = calls.find(
    ({ attributes }) => attributes[attributeNames.outcome] === 'executed',
  )!;
  const replay = calls.findLast(
    ({ attributes }) => attributes[attributeNames.outcome] === 'replayed',
  )!;
  const [link] = replay.links;
  const fullMs = Math.max(executed.durationMs, replay.durationMs) * 1.05;
  return html`
    ${waterfall(spans, replay.traceId, {
      title: 'The replay',
      fullMs,
      noteOf: (span) =>
        span.spanId === replay.spanId
          ? `link → span ${short(link!.spanId)} of trace ${short(link!.traceId)}`
          : undefined,
    })}
    ${waterfall(spans, executed.traceId, {
      title: 'The original',
      fullMs,
      noteOf: (span) => (span.spanId === link!.spanId ? `← span ${short(span.spanId)}` : undefined),
    })}`;
}

function restartedWorkflow(
  spans: readonly PlainSpan[],
  failed: PlainSpan,
  restarted: PlainSpan,
): Html {
  const errorOf = ({ attributes, name }: PlainSpan): string | undefined =>
    attributes[attributeNames.errorType] !== undefined && name.startsWith('run ')
      ? `error.type ${attributes[attributeNames.errorType]}`
      : undefined;
  return html`
    ${waterfall(spans, failed.traceId, { title: 'The first attempt', noteOf: errorOf })}
    ${waterfall(spans, restarted.traceId, {
      title: 'Started again',
      noteOf: ({ links }) =>
        links[0] ? `skipped: ran in trace ${short(links[0].traceId)}` : undefined,
    })}`;
}
