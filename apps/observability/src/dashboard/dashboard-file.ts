import { join } from 'node:path';
import type { Dashboard } from '@grafana/schema';

/** Where the compose file, and whoever imports the dashboard, finds it. */
export const dashboardPath: string = join(
  import.meta.dirname,
  '../../grafana/dashboards/twiceproof.json',
);

export function dashboardText(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
