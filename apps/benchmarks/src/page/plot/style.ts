import type { Series } from './series.ts';

/** Every picture has its own ground, so that it can be read whatever the page around it looks like. */
export const style = `<style>
  svg { font: 13px system-ui, sans-serif; }
  .ground { fill: #ffffff; }
  text { fill: #24292f; }
  .grid { stroke: #d8dee4; }
  .quiet { fill: #57606a; }
  .line { fill: none; stroke-width: 2; }
  .p99 { stroke-dasharray: 5 4; stroke-width: 1.5; }
  .ours { stroke: #0b6b7f; fill: #0b6b7f; }
  .line.ours { stroke-width: 3; }
  .floor0 { stroke: #57606a; fill: #57606a; }
  .floor1 { stroke: #8c959f; fill: #8c959f; }
  .peer0 { stroke: #bc4c00; fill: #bc4c00; }
  .peer1 { stroke: #8250df; fill: #8250df; }
  polyline.line { fill: none; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #161b22; }
    text { fill: #e6edf3; }
    .grid { stroke: #30363d; }
    .quiet { fill: #9198a1; }
    .ours { stroke: #56d4e8; fill: #56d4e8; }
    .floor0 { stroke: #9198a1; fill: #9198a1; }
    .floor1 { stroke: #6e7681; fill: #6e7681; }
    .peer0 { stroke: #ffa657; fill: #ffa657; }
    .peer1 { stroke: #d2a8ff; fill: #d2a8ff; }
  }
</style>`;

export function classOf({ role, order }: Pick<Series, 'role' | 'order'>): string {
  return role === 'ours' ? 'ours' : `${role}${order}`;
}

/** A mark of its own for each contender, for eyes that do not tell its colour from another one. */
export function markOf(series: Pick<Series, 'role' | 'order'>, x: number, y: number): string {
  const shape = classOf(series);
  const at = (dx: number, dy: number) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`;
  switch (shape) {
    case 'ours':
      return `<circle class="${shape}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5"/>`;
    case 'floor0':
      return polygon(shape, [at(-4, -4), at(4, -4), at(4, 4), at(-4, 4)]);
    case 'floor1':
      return polygon(shape, [at(-5, -1.5), at(5, -1.5), at(5, 1.5), at(-5, 1.5)]);
    case 'peer0':
      return polygon(shape, [at(0, -5), at(5, 4), at(-5, 4)]);
    default:
      return polygon(shape, [at(0, -5.5), at(5.5, 0), at(0, 5.5), at(-5.5, 0)]);
  }
}

function polygon(shape: string, points: readonly string[]): string {
  return `<polygon class="${shape}" points="${points.join(' ')}"/>`;
}
