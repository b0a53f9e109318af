import { outcomeColors } from './outcome-colors.ts';
import { heatmap, stat, timeSeries, type UnplacedPanel } from './panel.ts';
import {
  calls,
  chosen,
  chosenServices,
  doubts,
  failures,
  histograms,
  labels,
  perWindow,
  quantile,
  refusals,
  rehearsals,
  replays,
  series,
  shareOfCalls,
  sumBy,
} from './promql.ts';
import { keysCountedTogether, topKeys } from './top-keys.ts';

const { executionDuration, waitDuration, storeOperationDuration, resultSize } = histograms;

const glance: UnplacedPanel[] = [
  stat({
    title: 'Calls per second',
    description: 'All calls of idempotent operations, however they were answered.',
    queries: [{ expr: calls([]) }],
    decimals: 1,
  }),
  stat({
    title: 'Replayed',
    description: 'Share of calls that were answered from a record: work that was not done twice.',
    queries: [{ expr: shareOfCalls(replays) }],
    unit: 'percentunit',
    steps: [[null, 'green']],
  }),
  stat({
    title: 'In flight',
    description: 'Calls that are under way now, those that wait included.',
    queries: [{ expr: sumBy([], `${series.active}{${chosen}}`) }],
  }),
  stat({
    title: 'Failed',
    description:
      'Share of calls that ended in an error of the function, of the lease or of the store, or of which nobody knows how they ended.',
    queries: [{ expr: shareOfCalls(failures) }],
    unit: 'percentunit',
    decimals: 1,
    steps: [
      [null, 'green'],
      [0.02, 'yellow'],
      [0.1, 'red'],
    ],
  }),
  stat({
    title: 'Refused',
    description:
      'Share of calls that were refused: in progress elsewhere, another payload under the same key, or held for an operator.',
    queries: [{ expr: shareOfCalls(refusals) }],
    unit: 'percentunit',
    decimals: 1,
    steps: [[null, 'purple']],
  }),
  stat({
    title: 'Lost leases',
    description:
      'Executions, in the chosen time, that went on after their lease. Their effect may have happened twice.',
    queries: [{ expr: sumBy([], `increase(${series.leaseLosses}{${chosen}}[$__range])`) }],
    decimals: 0,
    steps: [
      [null, 'green'],
      [0.5, 'red'],
    ],
  }),
];

const outcomes: UnplacedPanel[] = [
  timeSeries({
    title: 'Calls by outcome',
    description:
      'Calls per second. Executed and replayed is the normal life of at-least-once delivery.',
    queries: [{ expr: calls([labels.outcome]), legend: `{{${labels.outcome}}}` }],
    isStacked: true,
    colors: outcomeColors,
  }),
  timeSeries({
    title: 'Replayed, by operation',
    description: 'A jump means that somebody upstream delivers more often, or redrives a queue.',
    queries: [
      { expr: shareOfCalls(replays, [labels.operation]), legend: `{{${labels.operation}}}` },
    ],
    unit: 'percentunit',
    max: 1,
  }),
];

const quantiles = [0.5, 0.95, 0.99];
const percentile = (q: number): string => `p${q * 100}`;
const durationColors = ['semi-dark', 'light', 'super-light'];

const durations: UnplacedPanel[] = [
  timeSeries({
    title: 'Duration: executed and replayed',
    description: 'How long callers wait when the work is done, and when its record answers.',
    queries: ['executed', 'replayed'].flatMap((outcome) =>
      quantiles.map((q) => ({
        expr: quantile(q, executionDuration, [], `${chosen}, ${labels.outcome}="${outcome}"`),
        legend: `${outcome} ${percentile(q)}`,
      })),
    ),
    unit: 's',
    colors: Object.fromEntries(
      quantiles.flatMap((q, index) => [
        [`executed ${percentile(q)}`, `${durationColors[index]}-blue`],
        [`replayed ${percentile(q)}`, `${durationColors[index]}-green`],
      ]),
    ),
  }),
  timeSeries({
    title: 'In flight, by operation',
    description: 'What rises and does not fall is stuck, or its provider is slow.',
    queries: [
      {
        expr: sumBy([labels.operation], `${series.active}{${chosen}}`),
        legend: `{{${labels.operation}}}`,
      },
    ],
  }),
];

const trouble: UnplacedPanel[] = [
  timeSeries({
    title: 'Conflicts',
    description:
      'Refused calls per second. in_progress: somebody executes the same work. mismatch: the key was used with another payload. held: an attempt crashed, and an operator decides.',
    queries: [{ expr: calls([labels.outcome], refusals), legend: `{{${labels.outcome}}}` }],
    isStacked: true,
    colors: outcomeColors,
  }),
  timeSeries({
    title: 'Lost leases, by operation',
    description:
      'Give long work a longer lease, and look for blocked event loops and for paused machines.',
    queries: [
      {
        expr: sumBy(
          [labels.operation],
          `increase(${series.leaseLosses}{${chosen}}[$__rate_interval])`,
        ),
        legend: `{{${labels.operation}}}`,
      },
    ],
    isStacked: true,
  }),
  timeSeries({
    title: 'Failures by operation and outcome',
    description: 'Failed calls per second; the next call of the same key executes again.',
    queries: [
      {
        expr: calls([labels.operation, labels.outcome], failures),
        legend: `{{${labels.operation}}} {{${labels.outcome}}}`,
      },
    ],
  }),
  timeSeries({
    title: 'Waiting for another executor',
    description:
      "How long calls with inProgress: 'wait' waited, 95th percentile by what came of it.",
    queries: [
      {
        expr: quantile(0.95, waitDuration, [labels.outcome], chosen),
        legend: `{{${labels.outcome}}}`,
      },
    ],
    unit: 's',
    colors: outcomeColors,
  }),
];

const doubtful: UnplacedPanel[] = [
  timeSeries({
    title: 'Unknown outcomes',
    description:
      'Calls per second after which nobody knows whether their effect happened: unknown was said by the function, timed_out took longer than its maxDuration. What abandoned says decides at the next call; held ones wait for an operator.',
    queries: [
      {
        expr: calls([labels.operation, labels.outcome], doubts),
        legend: `{{${labels.operation}}} {{${labels.outcome}}}`,
      },
    ],
  }),
  timeSeries({
    title: 'Shadowed, by operation',
    description:
      "Share of calls that were executed, and would have been replayed or refused without enabled: 'shadow'.",
    queries: [
      { expr: shareOfCalls(rehearsals, [labels.operation]), legend: `{{${labels.operation}}}` },
    ],
    unit: 'percentunit',
    max: 1,
  }),
];

const stores: UnplacedPanel[] = [
  timeSeries({
    title: 'Store latency, by store and operation',
    description: '95th percentile of requests to the store. A stack is named after its tiers.',
    queries: [
      {
        expr: quantile(
          0.95,
          storeOperationDuration,
          [labels.store, labels.storeOperation],
          chosenServices,
        ),
        legend: `{{${labels.store}}} {{${labels.storeOperation}}}`,
      },
    ],
    unit: 's',
  }),
  timeSeries({
    title: 'Store faults',
    description:
      'Requests per second that the store did not answer; each is tried again a few times.',
    queries: [
      {
        expr: sumBy(
          [labels.store, labels.storeOperation],
          perWindow(
            'rate',
            storeOperationDuration,
            'count',
            `${chosenServices}, ${labels.outcome}="error"`,
          ),
        ),
        legend: `{{${labels.store}}} {{${labels.storeOperation}}}`,
      },
    ],
  }),
  timeSeries({
    title: 'Tier hits',
    description: 'Share of look-ups that a faster tier answered, without asking the authority.',
    queries: [
      {
        expr: `${sumBy([labels.store], `rate(${series.tierLookups}{${chosenServices}, ${labels.hit}="true"}[$__rate_interval])`)} / ${sumBy([labels.store], `rate(${series.tierLookups}{${chosenServices}}[$__rate_interval])`)}`,
        legend: `{{${labels.store}}}`,
      },
    ],
    unit: 'percentunit',
    max: 1,
  }),
];

const results: UnplacedPanel[] = [
  heatmap({
    title: 'Result sizes',
    description:
      'How large encoded results are. Stores have limits: 400 KB in DynamoDB. What is larger needs an offload.',
    queries: [
      {
        expr: sumBy(['le'], perWindow('increase', resultSize, 'bucket', chosen)),
        legend: '{{le}}',
      },
    ],
    unit: 'bytes',
  }),
  topKeys,
  keysCountedTogether,
];

/** Rows from the top down: their title, the height and width of each panel, and the panels. */
export const rows: readonly {
  readonly title: string;
  readonly height: number;
  readonly widths: readonly number[];
  readonly panels: readonly UnplacedPanel[];
}[] = [
  { title: 'At a glance', height: 4, widths: [4, 4, 4, 4, 4, 4], panels: glance },
  { title: 'What became of calls', height: 9, widths: [15, 9], panels: outcomes },
  { title: 'Time', height: 9, widths: [15, 9], panels: durations },
  { title: 'Trouble', height: 8, widths: [6, 6, 6, 6], panels: trouble },
  { title: 'In doubt, and rehearsed', height: 8, widths: [12, 12], panels: doubtful },
  { title: 'Stores', height: 8, widths: [10, 7, 7], panels: stores },
  { title: 'Results and keys', height: 10, widths: [7, 14, 3], panels: results },
];
