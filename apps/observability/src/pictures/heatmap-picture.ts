import { type Html, html } from './html.ts';
import { numbers, type Size, unitOf } from './panel-values.ts';
import type { RecordedPanel } from './record-panels.ts';
import { inUnit } from './units.ts';

const left = 54;

/** A cell for each bucket and time: the darker, the more. Buckets of Prometheus include the smaller ones. */
export function heatmapPicture({ panel, answers }: RecordedPanel, { width, height }: Size): Html {
  const buckets = answers[0]!.lines
    .filter(({ metric }) => metric.le !== '+Inf')
    .map((line) => ({ le: Number(line.metric.le), values: numbers(line) }))
    .sort((a, b) => a.le - b.le);
  const steps = Math.max(0, ...buckets.map(({ values }) => values.length));
  const cells = buckets.map(({ values }, row) =>
    values.map((value, step) => Math.max(0, (value ?? 0) - (buckets[row - 1]?.values[step] ?? 0))),
  );
  const most = Math.max(1e-9, ...cells.flat());
  const cellWidth = (width - left) / Math.max(1, steps);
  const cellHeight = (height - 4) / Math.max(1, buckets.length);
  const y = (row: number): number => height - 4 - (row + 1) * cellHeight;
  const rows = buckets.map(({ le }, row) => {
    const name = html`<text class="axis" x="${left - 6}" y="${y(row) + cellHeight / 2 + 3}" text-anchor="end">${inUnit(le, unitOf(panel))}</text>`;
    const filled = cells[row]!.map((value, step) => {
      if (value < most * 1e-3) return html``;
      const opacity = 0.12 + 0.88 * Math.sqrt(value / most);
      return html`<rect x="${left + step * cellWidth}" y="${y(row)}" width="${cellWidth * 0.9}" height="${cellHeight - 1}" fill="#3274d9" opacity="${opacity.toFixed(2)}" />`;
    });
    return html`${name}${filled}`;
  });
  return html`<svg width="${width}" height="${height}">${rows}</svg>`;
}
