import { attributeNames } from '@twiceproof/otel';
import { variable } from './variable.ts';

const key = variable('__value.raw:percentencode');
const service = variable('__data.fields["Service"]:percentencode');

/** Text of a URL in which variables stay what they are: it is Grafana that fills and encodes them. */
function encoded(text: string): string {
  const parts = text.split(/(\$\{[^}]+\})/);
  return parts.map((part, index) => (index % 2 === 0 ? encodeURIComponent(part) : part)).join('');
}

const tags = JSON.stringify({ [attributeNames.key]: variable('__value.raw') });

const exploreTempo = JSON.stringify({
  calls: {
    datasource: variable('tempo'),
    queries: [
      {
        refId: 'A',
        datasource: { type: 'tempo', uid: variable('tempo') },
        queryType: 'traceql',
        query: `{ span.${attributeNames.key} = "${variable('__value.raw')}" }`,
        tableType: 'spans',
        limit: 100,
      },
    ],
    range: { from: variable('__from'), to: variable('__to') },
  },
});

const withKey = (text: string): string => encoded(text).replace(variable('__value.raw'), key);

/** Links of a cell that holds a key: every call of it, in Jaeger and in Tempo. */
export const traceSearchLinks: readonly {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}[] = [
  {
    title: 'Find its calls in Jaeger',
    url: `${variable('jaeger')}/search?service=${service}&tags=${withKey(tags)}&lookback=2d&limit=100`,
    targetBlank: true,
  },
  {
    title: 'Find its calls in Tempo',
    url: `/explore?schemaVersion=1&panes=${withKey(exploreTempo)}`,
    targetBlank: true,
  },
];
