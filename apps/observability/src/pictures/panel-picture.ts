import type { Line } from '../scenario/prometheus-api.ts';
import { chart, legend, type Series } from './chart.ts';
import { grafanaColor, paletteColor } from './grafana-colors.ts';
import { heatmapPicture } from './heatmap-picture.ts';
import { type Html, html } from './html.ts';
import { numbers, type Size, unitOf } from './panel-values.ts';
import type { RecordedPanel } from './record-panels.ts';
import { tablePicture } from './table-picture.ts';
import { inUnit } from './units.ts';

/** What is inside a panel of the dashboard, from what Prometheus answered. */
export function panelPicture(recorded: RecordedPanel, size: Size): Html {
  switch (recorded.panel.type) {
    case 'stat':
      return statPicture(recorded, size);
    case 'timeseries':
      return timeSeriesPicture(recorded, size);
    case 'heatmap':
      return heatmapPicture(recorded, size);
    default:
      return tablePicture(recorded);
  }
}

function statPicture({ panel, answers }: RecordedPanel, { width, height }: Size): Html {
  const unit = unitOf(panel);
  const values = numbers(answers[0]!.lines[0]);
  const last = values.findLast((value) => value !== undefined) ?? 0;
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  const step = steps.findLast(({ value }) => value === null || last >= value);
  const color = grafanaColor(step?.color ?? 'blue');
  const options = { width, height: Math.max(10, height - 44), unit, isStacked: false };
  const area = sparkline(values, color, options);
  return html`<div class="big" style="color: ${color}">${inUnit(last, unit)}</div>${area}`;
}

function sparkline(values: readonly (number | undefined)[], color: string, size: Size): Html {
  const top = Math.max(1e-9, ...values.map((value) => value ?? 0)) * 1.15;
  const points = values.map((value, index) => {
    const x = (index / Math.max(1, values.length - 1)) * size.width;
    return `${x.toFixed(1)},${(size.height - ((value ?? 0) / top) * size.height).toFixed(1)}`;
  });
  const area = `0,${size.height} ${points.join(' ')} ${size.width},${size.height}`;
  return html`<svg width="${size.width}" height="${size.height}">
    <polygon points="${area}" fill="${color}" opacity="0.18" />
    <polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.4" />
  </svg>`;
}

function timeSeriesPicture({ panel, answers }: RecordedPanel, { width, height }: Size): Html {
  const { defaults, overrides } = panel.fieldConfig!;
  const fixed = new Map(
    overrides.flatMap(({ matcher, properties }) => {
      const color = properties.find(({ id }) => id === 'color')?.value as
        | { fixedColor: string }
        | undefined;
      return color ? [[String(matcher.options), color.fixedColor] as const] : [];
    }),
  );
  const series = answers
    .flatMap(({ query, lines }) =>
      lines.map((line) => ({ line, name: named(query.legendFormat ?? '', line) })),
    )
    .map(({ line, name }, index): Series => {
      const color = fixed.get(name);
      return {
        name,
        color: color === undefined ? paletteColor(index) : grafanaColor(color),
        values: numbers(line),
      };
    })
    .filter(({ values }) => values.some((value) => value !== undefined && value > 0));
  const custom = defaults.custom as { stacking?: { mode?: string } } | undefined;
  return html`${chart(series, {
    width,
    height: height - legendHeight(series, width),
    unit: unitOf(panel),
    max: defaults.max ?? undefined,
    isStacked: custom?.stacking?.mode === 'normal',
  })}${legend(series)}`;
}

/** Room for the legend, by how wide its entries are about. */
function legendHeight(series: readonly Series[], width: number): number {
  const needed = series.reduce((sum, { name }) => sum + name.length * 6.4 + 28, 0);
  return Math.ceil(needed / width) * 17 + 4;
}

function named(format: string, { metric }: Line): string {
  return format.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '');
}
