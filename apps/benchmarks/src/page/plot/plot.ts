import { works } from '../../benchmarks/titles.ts';
import type { Report } from '../../measuring/result.ts';
import { panel } from './panel.ts';
import { latencyOf, type Series, throughputOf } from './series.ts';
import { classOf, markOf, style } from './style.ts';

const width = 860;
const height = 640;
const inner = { width: 340, height: 190 };
const columns = [70, 490];
const rows = [120, 395];

/** Throughput and latency of an engine as a picture; undefined where not everything was measured. */
export function plotOf(engine: string, report: Report): string | undefined {
  const panels = works.flatMap((work, row) => {
    const name = work === 'first' ? 'First execution' : 'Replay';
    const [throughput, latency] = [throughputOf(report, work), latencyOf(report, work)];
    if (throughput.length === 0) return [];
    const place = (column: number) => ({ x: columns[column]!, y: rows[row]!, ...inner });
    return [
      panel(`${name}: calls a second`, throughput, place(0)),
      panel(`${name}: ms, p50 (dashed: p99)`, latency, place(1)),
    ];
  });
  if (panels.length < 2 * works.length) return undefined;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${engine}: throughput and latency over the number of calls at once">`,
    style,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    `<text x="24" y="36" font-size="17" font-weight="600">${engine}, key = id</text>`,
    legend(throughputOf(report, 'first')),
    ...panels,
    ...columns.map(
      (x) =>
        `<text class="quiet" x="${x + inner.width / 2}" y="${height - 16}" text-anchor="middle">calls at once</text>`,
    ),
    '</svg>\n',
  ].join('\n');
}

function legend(series: readonly Series[]): string {
  let x = 24;
  return series
    .map((each) => {
      const [y, start] = [66, x];
      x += 60 + each.name.length * 7.5;
      return [
        `<line class="${classOf(each)}" x1="${start}" x2="${start + 28}" y1="${y}" y2="${y}" stroke-width="2"/>`,
        markOf(each, start + 14, y),
        `<text x="${start + 36}" y="${y + 4}">${each.name}</text>`,
      ].join('\n');
    })
    .join('\n');
}
