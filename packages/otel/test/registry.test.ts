import { readFileSync } from 'node:fs';
import {
  type ReceivedMetric,
  type ReceivedSpan,
  type Receiver,
  startReceiver,
} from '@twiceproof/engines/otlp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../registry/generator/generated-files.ts';
import { type AttributeRef, readRegistry, type Span } from '../registry/generator/read-registry.ts';
import { runProgram } from './run-program.ts';

const registry = readRegistry();
const attributes = new Map(registry.attributes.map((attribute) => [attribute.id, attribute]));
/** Of OpenTelemetry's own registry. */
const foreign = new Set(['error.type']);

test('the names and the tables are those of the registry: `pnpm generate` brings them up to date', () => {
  for (const { path, text } of generatedFiles((path) => readFileSync(path, 'utf8'))) {
    expect(readFileSync(path, 'utf8'), path).toBe(text);
  }
});

test('everything in the registry is told apart, says what it means, and how stable it is', () => {
  const { spans, metrics } = registry;
  const members = registry.attributes.flatMap(({ type }) =>
    typeof type === 'string' ? [] : type.members,
  );
  for (const { brief, stability } of [...registry.attributes, ...members, ...spans, ...metrics]) {
    expect(brief).toMatch(/^[A-Z].*\.$/);
    expect(stability).toMatch(/^(development|release_candidate|stable|deprecated)$/);
  }
  const names = [
    ...attributes.keys(),
    ...spans.map(({ id }) => id),
    ...metrics.map(({ name }) => name),
  ];
  expect(new Set(names).size).toBe(names.length);
  for (const { ref } of [...spans, ...metrics].flatMap((each) => each.attributes)) {
    expect(attributes.has(ref) || foreign.has(ref), ref).toBe(true);
  }
});

test('the schema that the names point at is the one in this package', () => {
  const version = registry.schemaUrl.split('/').at(-1)!;
  const schema = parse(readFileSync(new URL(`../schemas/${version}`, import.meta.url), 'utf8'));
  expect(schema.schema_url).toBe(registry.schemaUrl);
  expect(Object.keys(schema.versions)).toEqual([version]);
});

describe('what is exported', () => {
  let receiver: Receiver;
  let spans: readonly ReceivedSpan[];
  let metrics: ReadonlyMap<string, ReceivedMetric>;

  beforeAll(async () => {
    receiver = await startReceiver();
    for (const name of ['operators', 'workflow', 'calls']) {
      const program = new URL(`./programs/${name}.ts`, import.meta.url);
      await runProgram(program, { args: ['option'], otlpUrl: receiver.url });
    }
    spans = receiver.spans().filter(({ scope }) => scope.startsWith('@twiceproof/otel@'));
    metrics = new Map(
      [...receiver.metrics()].filter(([, { scope }]) => scope.startsWith('@twiceproof/otel@')),
    );
  });
  afterAll(() => receiver?.stop());

  const isOfKind = (name: string, span: Span): boolean => {
    const verb = span.name.split(' ')[0]!;
    return verb === '{request}'
      ? /^(acquire|renew|complete|release) /.test(name)
      : name.startsWith(`${verb} `);
  };

  /** What is wrong with the attributes of a span or a series. */
  const faults = (
    name: string,
    own: Readonly<Record<string, unknown>>,
    allowed: readonly AttributeRef[],
  ): string[] => {
    const refs = new Set(allowed.map(({ ref }) => ref));
    const missing = allowed.filter(
      ({ ref, requirement_level: level }) => level === 'required' && own[ref] === undefined,
    );
    return [
      ...missing.map(({ ref }) => `${name} has no ${ref}`),
      ...Object.entries(own).flatMap(([key, value]) => {
        if (!refs.has(key)) return [`${name} has ${key}`];
        return foreign.has(key) || isOfType(key, value) ? [] : [`${name} has ${key}: ${value}`];
      }),
    ];
  };

  const isOfType = (key: string, value: unknown): boolean => {
    const { type } = attributes.get(key)!;
    if (typeof type !== 'string') return type.members.some((member) => member.value === value);
    if (type === 'int') return Number.isInteger(value);
    return typeof value === type;
  };

  test('every span is of a kind that the registry has, with its attributes', () => {
    const wrong = spans.flatMap(({ name, attributes: own }) => {
      const kinds = registry.spans.filter((kind) => isOfKind(name, kind));
      return kinds.length === 1 ? faults(name, own, kinds[0]!.attributes) : [`${name} is nothing`];
    });
    expect(wrong).toEqual([]);
  });

  test('every metric is one that the registry has, with its attributes', () => {
    const instruments = {
      counter: 'counter',
      updowncounter: 'up-down counter',
      histogram: 'histogram',
    };
    const described = [...metrics].map(([name, { kind, unit, description }]) => [
      name,
      kind,
      unit,
      description,
    ]);
    expect(described.sort()).toEqual(
      registry.metrics
        .map(({ name, instrument, unit, brief }) => [name, instruments[instrument], unit, brief])
        .sort(),
    );
    const wrong = registry.metrics.flatMap(({ name, attributes: allowed }) =>
      metrics.get(name)!.points.flatMap((point) => faults(name, point.attributes, allowed)),
    );
    expect(wrong).toEqual([]);
  });

  test('nothing stands in the registry that is not exported', () => {
    const seen = [...spans, ...[...metrics.values()].flatMap(({ points }) => points)].flatMap(
      (each) => Object.keys(each.attributes),
    );
    expect([...attributes.keys()].filter((name) => !seen.includes(name))).toEqual([]);
    const kinds = registry.spans.filter((kind) => !spans.some(({ name }) => isOfKind(name, kind)));
    expect(kinds).toEqual([]);
  });

  test('spans and metrics say by which schema they are to be read', () => {
    const urls = [...spans, ...metrics.values()].map(({ schemaUrl }) => schemaUrl);
    expect(new Set(urls)).toEqual(new Set([registry.schemaUrl]));
  });
});
