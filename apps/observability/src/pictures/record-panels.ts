import { setTimeout as delay } from 'node:timers/promises';
import type { Panel } from '@grafana/schema';
import { startPrometheus } from '@twiceproof/engines';
import { dashboard } from '../dashboard/dashboard.ts';
import { filledIn } from '../dashboard/filled-in.ts';
import { type PanelQuery, panelsWithQueries } from '../dashboard/queries-of.ts';
import { type Line, lines } from '../scenario/prometheus-api.ts';
import { scrapeConfig } from '../scenario/scrape-config.ts';
import { startScenario } from '../scenario/start-scenario.ts';

/** A panel with what a Prometheus answered to its queries. */
export interface RecordedPanel {
  readonly panel: Panel;
  readonly answers: readonly { readonly query: PanelQuery; readonly lines: readonly Line[] }[];
}

const seconds = 120;
const rateInterval = 15;

/** Runs the shop of the scenario under a real Prometheus, and asks it what the dashboard asks. */
export async function recordPanels(): Promise<RecordedPanel[]> {
  const scenario = await startScenario(700);
  const prometheus = await startPrometheus(scrapeConfig(scenario.target));
  try {
    const startedAt = Date.now() / 1_000;
    await delay((seconds + rateInterval + 4) * 1_000);
    const start = startedAt + rateInterval + 2;
    const range = { start, end: start + seconds, step: 1 };
    const choices = {
      service: 'through-otlp',
      rateInterval: `${rateInterval}s`,
      range: `${seconds}s`,
    };
    const recorded: RecordedPanel[] = [];
    for (const { panel, queries } of panelsWithQueries(dashboard)) {
      const answers: { query: PanelQuery; lines: Line[] }[] = [];
      for (const query of queries) {
        const expr = filledIn(query.expr, choices);
        answers.push({ query, lines: await lines(prometheus.url, expr, range) });
      }
      recorded.push({ panel, answers });
    }
    return recorded;
  } finally {
    await prometheus.stop();
    await scenario.stop();
  }
}
