// Writes the dashboard as Grafana reads it.
import { writeFileSync } from 'node:fs';
import { dashboard } from './dashboard.ts';
import { dashboardPath, dashboardText } from './dashboard-file.ts';

writeFileSync(dashboardPath, dashboardText(dashboard));
