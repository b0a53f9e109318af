import type { Registry } from './read-registry.ts';

/** `idempotency.operation.name` → `operationName`. */
function propertyOf(name: string): string {
  return name
    .replace(/^idempotency\./, '')
    .replaceAll(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** The text of src/names.ts. */
export function namesFile({ schemaUrl, attributes, spans, metrics }: Registry): string {
  const verbs = spans
    .map(({ name }) => name.split(' ')[0]!)
    .filter((verb) => !verb.startsWith('{'));
  return `// Generated from registry/ by \`pnpm generate\`: change it there.

/** Attributes of spans and metrics. Dashboards, alerts and saved searches depend on them. */
export const attributeNames = {
${attributes.map(({ id, brief }) => `  /** ${brief} */\n  ${propertyOf(id)}: '${id}',`).join('\n')}
  /** What kind of error it was. */
  errorType: 'error.type',
} as const;

export const metricNames = {
${metrics.map(({ name }) => `  ${propertyOf(name)}: '${name}',`).join('\n')}
} as const;

/** What an instrument is made with. */
export const metricDetails = {
${metrics
  .map(
    ({ name, unit, brief }) =>
      `  ${propertyOf(name)}: {\n    unit: '${unit}',\n    description: ${quoted(brief)},\n  },`,
  )
  .join('\n')}
} as const;

/** First words of span names; the operation or the action follows. A key never stands in a name. */
export const spanVerbs = {
${verbs.map((verb) => `  ${verb}: '${verb}',`).join('\n')}
} as const;

/** Says by which version of these names a reader of telemetry should read them. */
export const schemaUrl =
  '${schemaUrl}';

/** The instrumentation scope. */
export const scopeName = '@twiceproof/otel';

/** What is counted together because telling it apart would make too many series. */
export const otherLabel = '_OTHER';
`;
}
