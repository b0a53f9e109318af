import { stat, table, type UnplacedPanel } from './panel.ts';
import { chosen, failures, labels, refusals, replays, series, sumBy } from './promql.ts';
import { traceSearchLinks } from './trace-search.ts';

const by = [labels.key, labels.operation, 'job'];
const labelled = `${chosen}, ${labels.key}!~"|_OTHER"`;

// The counts as they are, not their increase: most keys are counted once, and then not again.
const perKey = (matchers: string): string => sumBy(by, `${series.executions}{${matchers}}`);
// All that are level with the last one: which of them topk takes differs from query to query.
const most = `${perKey(labelled)} >= scalar(min(topk(25, ${perKey(labelled)})))`;
const ofMost = (outcomes: string): string =>
  `${perKey(`${labelled}, ${labels.outcome}=~"${outcomes}"`)} and on (${by.join(', ')}) (${most})`;

const columns = ['Calls', 'Replayed', 'Refused', 'Failed'];

/** The name that Grafana gives to the value of a query in a table of several. */
const valueName = (index: number): string => `Value #${String.fromCharCode(65 + index)}`;

/** The keys with most calls; a click on one shows every call of it. */
export const topKeys: UnplacedPanel = table({
  title: 'Keys with most calls',
  description:
    'Since the processes that report them started. Click a key to see every call of it: which one executed, and which were replayed.',
  queries: [most, ofMost(replays), ofMost(refusals), ofMost(failures)].map((expr) => ({ expr })),
  transformations: [
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(
          [...by, ...columns.map((_, index) => valueName(index))].map((name, index) => [
            name,
            index,
          ]),
        ),
        renameByName: {
          [labels.key]: 'Key',
          [labels.operation]: 'Operation',
          job: 'Service',
          ...Object.fromEntries(columns.map((column, index) => [valueName(index), column])),
        },
      },
    },
  ],
  overrides: [
    {
      matcher: { id: 'byName', options: 'Key' },
      properties: [
        { id: 'links', value: traceSearchLinks },
        { id: 'custom.minWidth', value: 320 },
      ],
    },
    ...columns.map((column) => ({
      matcher: { id: 'byName', options: column },
      properties: [
        { id: 'custom.width', value: 90 },
        { id: 'noValue', value: '0' },
      ],
    })),
  ],
  sortBy: 'Calls',
});

/** How much the table above does not tell apart. */
export const keysCountedTogether: UnplacedPanel = stat({
  title: 'Counted as _OTHER',
  description:
    'Share of calls whose key has no label of its own: each process labels its first 200 keys. All of them are found in traces.',
  queries: [
    {
      expr: `${sumBy([], `${series.executions}{${chosen}, ${labels.key}="_OTHER"}`)} / ${sumBy([], `${series.executions}{${chosen}}`)}`,
    },
  ],
  unit: 'percentunit',
});
