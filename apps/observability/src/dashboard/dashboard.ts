import {
  type Dashboard,
  DashboardCursorSync,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/schema';
import { metricsSource } from './panel.ts';
import { rows } from './panels.ts';
import { labels, series } from './promql.ts';

function placed(): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  let id = 1;
  for (const { title, height, widths, panels: inRow } of rows) {
    panels.push({
      id: id++,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: y++, w: 24, h: 1 },
    });
    let x = 0;
    for (const [index, panel] of inRow.entries()) {
      const w = widths[index]!;
      panels.push({ ...panel, id: id++, gridPos: { x, y, w, h: height } });
      x += w;
    }
    y += height;
  }
  return panels;
}

/** A choice among data sources of one kind. */
function sourceVariable(name: string, title: string, kind: string): VariableModel {
  return { type: 'datasource', name, label: title, query: kind, refresh: 1 } as VariableModel;
}

/** A choice among the values of a label. */
function labelVariable(name: string, title: string, label: string, where: string): VariableModel {
  const query = `label_values(${series.executions}{${where}}, ${label})`;
  return {
    type: 'query',
    name,
    label: title,
    datasource: metricsSource,
    definition: query,
    query: { qryType: 1, query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  } as VariableModel;
}

export const dashboard: Dashboard = {
  uid: 'twiceproof',
  title: 'Twiceproof',
  description: 'Executions and replays of idempotent operations.',
  tags: ['twiceproof'],
  schemaVersion: 41,
  editable: true,
  graphTooltip: DashboardCursorSync.Crosshair,
  refresh: '10s',
  time: { from: 'now-30m', to: 'now' },
  timezone: 'browser',
  templating: {
    list: [
      sourceVariable('metrics', 'Metrics', 'prometheus'),
      sourceVariable('tempo', 'Tempo', 'tempo'),
      {
        type: 'textbox',
        name: 'jaeger',
        label: 'Jaeger',
        query: 'http://localhost:16686',
        current: { text: 'http://localhost:16686', value: 'http://localhost:16686' },
      } as VariableModel,
      labelVariable('service', 'Service', 'job', ''),
      labelVariable('operation', 'Operation', labels.operation, 'job=~"$service"'),
    ],
  },
  panels: placed(),
};
