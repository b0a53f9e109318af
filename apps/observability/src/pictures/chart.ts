import { type Html, html } from './html.ts';
import { inUnit } from './units.ts';

export interface Series {
  readonly name: string;
  readonly color: string;
  /** One value per step; undefined where there was none. */
  readonly values: readonly (number | undefined)[];
}

export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  readonly unit: string;
  readonly max?: number | undefined;
  readonly isStacked: boolean;
}

const left = 54;
const bottom = 4;

/** Lines, or bars on top of each other, with an axis of values. */
export function chart(series: readonly Series[], options: ChartOptions): Html {
  const { width, height, unit, isStacked } = options;
  const steps = Math.max(0, ...series.map(({ values }) => values.length));
  const top = options.max ?? roundedUp(highest(series, steps, isStacked), unit);
  const x = (index: number): number => left + (index / Math.max(1, steps - 1)) * (width - left - 2);
  const y = (value: number): number => height - bottom - (value / top) * (height - bottom - 6);
  const grid = [0, 0.5, 1].map((share) => {
    const at = y(top * share);
    return html`<line x1="${left}" x2="${width}" y1="${at}" y2="${at}" stroke="#e6e9f0" />
      <text class="axis" x="${left - 6}" y="${at + 3}" text-anchor="end">${inUnit(top * share, unit)}</text>`;
  });
  const shapes = isStacked ? bars(series, steps, x, y) : series.map((each) => line(each, x, y));
  return html`<svg width="${width}" height="${height}">${grid}${shapes}</svg>`;
}

export function legend(series: readonly Series[]): Html {
  const entries = series.map(
    ({ name, color }) => html`<span><i style="background: ${color}"></i>${name}</span>`,
  );
  return html`<div class="legend">${entries}</div>`;
}

function highest(series: readonly Series[], steps: number, isStacked: boolean): number {
  const heights = Array.from({ length: steps }, (_, index) => {
    const values = series.map(({ values }) => values[index] ?? 0);
    return isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  });
  return Math.max(1e-9, ...heights);
}

/** The next value that reads well on an axis. */
function roundedUp(value: number, unit: string): number {
  const scale = unit === 'percentunit' ? 0.01 : 1;
  const power = 10 ** Math.floor(Math.log10(value / scale));
  const nice = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power * scale >= value)!;
  return nice * power * scale;
}

function line({ values, color }: Series, x: Scale, y: Scale): Html {
  let path = '';
  let isDrawing = false;
  for (const [index, value] of values.entries()) {
    if (value !== undefined)
      path += `${isDrawing ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    isDrawing = value !== undefined;
  }
  return html`<path d="${path}" fill="none" stroke="${color}" stroke-width="1.6" />`;
}

type Scale = (value: number) => number;

function bars(series: readonly Series[], steps: number, x: Scale, y: Scale): Html[] {
  const width = Math.max(1, (x(1) - x(0)) * 0.8);
  return Array.from({ length: steps }, (_, index) => {
    let base = 0;
    const parts = series.map(({ values, color }) => {
      const value = values[index] ?? 0;
      base += value;
      const height = y(base - value) - y(base);
      return html`<rect x="${x(index) - width / 2}" y="${y(base)}" width="${width}" height="${height}" fill="${color}" />`;
    });
    return html`${parts}`;
  });
}
