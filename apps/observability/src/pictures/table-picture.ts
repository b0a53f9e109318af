import { labels } from '../dashboard/promql.ts';
import type { Line } from '../scenario/prometheus-api.ts';
import { type Html, html } from './html.ts';
import type { RecordedPanel } from './record-panels.ts';

const columns = ['Calls', 'Replayed', 'Refused', 'Failed'];

/** The keys with most calls, one row each. */
export function tablePicture({ answers }: RecordedPanel): Html {
  const counts = answers.map(
    ({ lines }) => new Map(lines.map((line) => [keyOf(line), last(line)])),
  );
  const rows = answers[0]!.lines.toSorted((a, b) => last(b) - last(a)).slice(0, 12);
  return html`<table>
    <tr><th>Key</th><th>Operation</th>${columns.map((name) => html`<th class="number">${name}</th>`)}</tr>
    ${rows.map(
      (line) => html`<tr>
        <td><code>${keyOf(line)}</code></td>
        <td>${line.metric[labels.operation]}</td>
        ${counts.map((count) => html`<td class="number">${count.get(keyOf(line)) ?? 0}</td>`)}
      </tr>`,
    )}
  </table>`;
}

function keyOf({ metric }: Line): string {
  return metric[labels.key] ?? '';
}

function last({ values }: Line): number {
  return Number(values.at(-1)![1]);
}
