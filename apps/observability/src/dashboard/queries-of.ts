import type { Dashboard, Panel } from '@grafana/schema';

/** A query of a panel. */
export interface PanelQuery {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string | undefined;
  readonly datasource: unknown;
}

export interface PanelWithQueries {
  readonly panel: Panel;
  readonly title: string;
  readonly queries: readonly PanelQuery[];
}

/** The panels of a dashboard that ask something. */
export function panelsWithQueries({ panels = [] }: Dashboard): PanelWithQueries[] {
  return panels.flatMap((panel) =>
    'targets' in panel
      ? [
          {
            panel,
            title: panel.title ?? '',
            queries: panel.targets as unknown as readonly PanelQuery[],
          },
        ]
      : [],
  );
}
