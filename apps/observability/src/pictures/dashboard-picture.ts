import { dashboard } from '../dashboard/dashboard.ts';
import { html } from './html.ts';
import { panelPicture } from './panel-picture.ts';
import type { RecordedPanel } from './record-panels.ts';
import type { Picture } from './take-picture.ts';

const columnWidth = 58;
const rowHeight = 31;
const gap = 8;

/** The dashboard as it is laid out, with what a Prometheus answered to its queries. */
export function dashboardPicture(recorded: readonly RecordedPanel[]): Picture {
  const all = dashboard.panels ?? [];
  const bottom = Math.max(...all.map(({ gridPos }) => gridPos!.y + gridPos!.h));
  const placed = all.map((panel) => {
    const { x, y, w, h } = panel.gridPos!;
    const [left, top] = [x * columnWidth, y * rowHeight];
    const [width, height] = [w * columnWidth - gap, h * rowHeight - gap];
    const found = recorded.find((each) => each.panel === panel);
    if (!found)
      return html`<div class="heading" style="left: ${left}px; top: ${top}px">${panel.title}</div>`;
    const inside = { width: width - 22, height: height - 40 };
    return html`<div class="panel" style="left: ${left}px; top: ${top}px; width: ${width}px; height: ${height}px">
      <h3>${panel.title}</h3>${panelPicture(found, inside)}
    </div>`;
  });
  return {
    name: 'dashboard',
    width: 24 * columnWidth + 48,
    body: html`<div class="grid" style="height: ${bottom * rowHeight}px">${placed}</div>`,
  };
}
