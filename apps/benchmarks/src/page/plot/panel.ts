import { scaleFor } from './scale.ts';
import { positions, type Series } from './series.ts';
import { classOf, markOf } from './style.ts';

/** Where a panel stands in the picture, with its title above and the numbers of calls below. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines over the number of calls at once, on a logarithmic scale. */
export function panel(title: string, series: readonly Series[], place: Place): string {
  const { x, y, width, height } = place;
  const scale = scaleFor(series.flatMap(({ values }) => values));
  const across = (at: number) => x + (width * (at + 0.5)) / positions.length;
  const up = (value: number) => y + height * (1 - scale.of(value));
  const point = (value: number, at: number) => `${across(at).toFixed(1)},${up(value).toFixed(1)}`;
  return [
    `<text x="${x}" y="${y - 14}" font-weight="600">${title}</text>`,
    ...scale.ticks.flatMap((tick) => [
      `<line class="grid" x1="${x}" x2="${x + width}" y1="${up(tick).toFixed(1)}" y2="${up(tick).toFixed(1)}"/>`,
      `<text class="quiet" x="${x - 8}" y="${(up(tick) + 4).toFixed(1)}" text-anchor="end">${tick.toLocaleString('en')}</text>`,
    ]),
    ...positions.map(
      (atOnce, at) =>
        `<text class="quiet" x="${across(at).toFixed(1)}" y="${y + height + 20}" text-anchor="middle">${atOnce}</text>`,
    ),
    // Ours comes last, so that no other line covers it.
    ...[...series]
      .sort((one, other) => Number(one.role === 'ours') - Number(other.role === 'ours'))
      .flatMap((each) => [
        `<polyline class="line ${classOf(each)}${each.isDashed ? ' p99' : ''}" points="${each.values.map(point).join(' ')}"/>`,
        ...each.values.map((value, at) => markOf(each, across(at), up(value))),
      ]),
  ].join('\n');
}
