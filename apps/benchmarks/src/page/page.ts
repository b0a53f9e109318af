import { benchmarks } from '../benchmarks/all.ts';
import type { Report } from '../measuring/result.ts';
import { describeMachine } from '../output/machine.ts';
import type { Results } from '../output/results.ts';
import { comparisonSection } from './comparison-section.ts';
import { engineSection } from './engine-section.ts';
import { plotOf } from './plot/plot.ts';
import { type Limits, targetSection } from './target-section.ts';

const engines: Readonly<Record<string, string>> = {
  redis: 'Redis',
  valkey: 'Valkey',
  postgres: 'Postgres',
  dynamodb: 'DynamoDB',
};
const others: Readonly<Record<string, string>> = {
  'in-process': 'Without an engine',
  memory: 'In memory',
  imports: 'Cold imports',
  http: 'HTTP',
  instrumentation: 'Telemetry',
  waiters: 'Many waiters',
  growth: 'A thousand and a million records',
};

/** The page on speed and its pictures, by their paths from the root of the repository. */
export function pageOf({ machine, reports }: Results, limits: Limits): Record<string, string> {
  const files: Record<string, string> = {};
  const sectionOf = (name: string): string[] => {
    const report = reports.find(({ benchmark }) => benchmark === name);
    if (!report || report.results.length === 0) return [];
    const engine = engines[name];
    if (engine === undefined) return [comparisonSection(others[name] ?? name, report)];
    const plot = plotOf(engine, report);
    if (plot !== undefined) files[`docs/pictures/speed-${name}.svg`] = plot;
    return [engineSection(engine, report, plot && `pictures/speed-${name}.svg`)];
  };
  const sections = [...Object.keys(engines), ...Object.keys(others)].flatMap(sectionOf);
  files['docs/speed.md'] = `${[
    introduction(describeMachine(machine), reports),
    targetSection(reports, limits),
    ...sections,
    notMeasured(reports),
  ].join('\n\n')}\n`;
  return files;
}

function introduction(machine: string, reports: readonly Report[]): string {
  const versions = Object.assign({}, ...reports.map(({ versions }) => versions));
  const used = Object.entries<string>(versions).sort(([one], [other]) => one.localeCompare(other));
  const days = [...new Set(reports.map(({ date }) => date))].sort();
  const runs = [...new Set(reports.map((report) => report.runs))].sort((one, other) => one - other);
  return `# Speed

<!-- Made by "pnpm bench --save" of apps/benchmarks/results; not to be edited. -->

What a call costs, as ratios to doing the same work without Twiceproof, and to others that do it. A ratio of 0.5 is half of the speed,
2 is twice. Each round measures everyone once, in turn, and a ratio is taken within its round: what slows the machine down slows all
of them, and what one leaves in memory is collected before the next one's turn. A figure is the median of the rounds, followed by the ends between which half of them lie; of several runs, by the farthest ends.
Every call is checked: it has to answer the receipt of its own payment, and to execute or not as it should.

The function does no work, and the engine stands on the same machine, so these are the worst ratios there are: a function that takes a
millisecond hides most of it.

- *By hand* is the raw client doing the least that could work: on Redis \`SET NX GET PX\` and then \`SET\`, with automatic pipelining; on
  DynamoDB \`PutItem\` and \`UpdateItem\`; on Postgres one \`unnest\` statement for everything that waits, two under way of each kind on ten
  connections, or one statement a row. A replay is a \`GET\`, a refused \`PutItem\`, a \`SELECT\`. None of them has a lease, an owner, a format, or a way to look at records.
- *CPU* is what this process had of the processors, without that of the engine.
- Measured on ${machine}; ${days.join(', ')}; runs of each benchmark: ${runs.join(' or ')}.
- With ${used.map(([name, version]) => `${name} ${version}`).join(', ')}.

To have it of your machine, run \`pnpm bench --runs 3 --growth\` in a clone. [Benchmarks](../apps/benchmarks/README.md) says how to read its tables.`;
}

function notMeasured(reports: readonly Report[]): string {
  const missing = benchmarks
    .filter(({ name }) => !reports.some(({ benchmark }) => benchmark === name))
    .map(({ name }) => `- \`${name}\`: it was not run on this machine.`);
  const failed = reports
    .filter(({ failure }) => failure !== undefined)
    .map(({ benchmark }) => `- \`${benchmark}\`: it ended with an error after what is shown.`);
  return [
    '## What is not measured',
    '',
    '- A network: everything is on the loopback address, where a round trip takes less than in any data centre.',
    '- DynamoDB itself: an emulator stands in for it, whose own time is in the microseconds, but not in those of the CPU.',
    '- The engine by itself: it shares the cores with what is measured, so the wall’s ratios have both in them.',
    ...missing,
    ...failed,
  ].join('\n');
}
