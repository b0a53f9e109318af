import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  type DataSourceRef,
  type DataTransformerConfig,
  type FieldConfigSource,
  GraphDrawStyle,
  LegendDisplayMode,
  type Panel,
  SortOrder,
  StackingMode,
  type Threshold,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/schema';
import { variable } from './variable.ts';

/** The data source that is chosen above the dashboard. */
export const metricsSource: DataSourceRef = { type: 'prometheus', uid: variable('metrics') };

interface Query {
  readonly expr: string;
  readonly legend?: string;
  readonly isTable?: boolean;
  readonly isHeatmap?: boolean;
}

interface PanelText {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly Query[];
  readonly unit?: string;
  readonly decimals?: number;
}

type Override = FieldConfigSource['overrides'][number];

/** A panel before it has its place. */
export type UnplacedPanel = Omit<Panel, 'id' | 'gridPos'>;

function targetsOf(queries: readonly Query[]): Record<string, unknown>[] {
  return queries.map(({ expr, legend, isTable, isHeatmap }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: metricsSource,
    editorMode: 'code',
    expr,
    format: isTable ? 'table' : isHeatmap ? 'heatmap' : 'time_series',
    instant: isTable ?? false,
    range: !isTable,
    ...(legend !== undefined && { legendFormat: legend }),
  }));
}

function thresholds(steps: readonly [value: number | null, color: string][]) {
  return {
    mode: ThresholdsMode.Absolute,
    steps: steps.map(([value, color]): Threshold => ({ value, color })),
  };
}

export interface StatOptions extends PanelText {
  /** Colours from the lowest value up; the first one holds from -∞. */
  readonly steps?: readonly [value: number | null, color: string][];
}

export function stat(options: StatOptions): UnplacedPanel {
  const { title, description, queries, unit = 'short', decimals, steps } = options;
  return {
    type: 'stat',
    title,
    description,
    datasource: metricsSource,
    targets: targetsOf(queries),
    fieldConfig: {
      defaults: {
        unit,
        ...(decimals !== undefined && { decimals }),
        color: { mode: 'thresholds' as never },
        thresholds: thresholds(steps ?? [[null, 'blue']]),
        noValue: '0',
      },
      overrides: [],
    },
    options: {
      colorMode: BigValueColorMode.Value,
      graphMode: BigValueGraphMode.Area,
      justifyMode: BigValueJustifyMode.Auto,
      orientation: VizOrientation.Auto,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      textMode: BigValueTextMode.Auto,
      wideLayout: true,
    },
  };
}

export interface TimeSeriesOptions extends PanelText {
  /** Bars on top of each other, to show a whole and its parts. */
  readonly isStacked?: boolean;
  readonly max?: number;
  /** Colours by the name of a series. */
  readonly colors?: Readonly<Record<string, string>>;
  readonly overrides?: readonly Override[];
}

export function timeSeries(options: TimeSeriesOptions): UnplacedPanel {
  const { title, description, queries, unit = 'short', decimals, max, isStacked = false } = options;
  const colored = Object.entries(options.colors ?? {}).map(([name, fixedColor]) => ({
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
  }));
  return {
    type: 'timeseries',
    title,
    description,
    datasource: metricsSource,
    targets: targetsOf(queries),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(max !== undefined && { max }),
        ...(decimals !== undefined && { decimals }),
        color: { mode: 'palette-classic' as never },
        custom: {
          drawStyle: isStacked ? GraphDrawStyle.Bars : GraphDrawStyle.Line,
          fillOpacity: isStacked ? 80 : 8,
          lineWidth: isStacked ? 0 : 2,
          showPoints: VisibilityMode.Never,
          stacking: { mode: isStacked ? StackingMode.Normal : StackingMode.None, group: 'A' },
        },
      },
      overrides: [...colored, ...(options.overrides ?? [])],
    },
    options: {
      legend: {
        calcs: [],
        displayMode: LegendDisplayMode.List,
        placement: 'bottom',
        showLegend: true,
      },
      tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending, hideZeros: true },
    },
  };
}

export function heatmap({ title, description, queries, unit = 'short' }: PanelText): UnplacedPanel {
  return {
    type: 'heatmap',
    title,
    description,
    datasource: metricsSource,
    targets: targetsOf(queries.map((query) => ({ ...query, isHeatmap: true }))),
    fieldConfig: { defaults: {}, overrides: [] },
    options: {
      calculate: false,
      cellGap: 1,
      color: {
        mode: 'scheme',
        scheme: 'Blues',
        exponent: 0.5,
        fill: 'blue',
        reverse: true,
        steps: 64,
      },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
      filterValues: { le: 1e-9 },
      legend: { show: true },
      rowsFrame: { layout: 'auto' },
      showValue: VisibilityMode.Never,
      tooltip: { mode: TooltipDisplayMode.Single, yHistogram: false },
      yAxis: { unit },
    },
  };
}

export interface TableOptions extends PanelText {
  readonly transformations: readonly DataTransformerConfig[];
  readonly overrides: readonly Override[];
  readonly sortBy: string;
}

export function table(options: TableOptions): UnplacedPanel {
  const { title, description, queries, transformations, overrides, sortBy } = options;
  return {
    type: 'table',
    title,
    description,
    datasource: metricsSource,
    targets: targetsOf(queries.map((query) => ({ ...query, isTable: true }))),
    transformations: [...transformations],
    fieldConfig: { defaults: { custom: { filterable: true } }, overrides: [...overrides] },
    options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: sortBy, desc: true }] },
  };
}
