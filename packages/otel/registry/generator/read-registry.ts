import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One value of an attribute that has few. */
export interface Member {
  readonly id: string;
  readonly value: string;
  readonly brief: string;
  readonly stability: string;
}

export interface Attribute {
  readonly id: string;
  readonly type: string | { readonly members: readonly Member[] };
  readonly stability: string;
  readonly brief: string;
}

export interface AttributeRef {
  readonly ref: string;
  readonly requirement_level: 'required' | 'opt_in' | { readonly conditionally_required: string };
}

interface Group {
  readonly id: string;
  readonly type: 'attribute_group' | 'span' | 'metric';
  readonly brief: string;
  readonly stability?: string;
  readonly extends?: string;
  readonly annotations?: { readonly span_name: string };
  readonly attributes?: readonly (Attribute | AttributeRef)[];
  readonly metric_name?: string;
  readonly instrument?: 'counter' | 'updowncounter' | 'histogram';
  readonly unit?: string;
}

export interface Span {
  readonly id: string;
  /** With a word in braces for what follows. */
  readonly name: string;
  readonly brief: string;
  readonly stability: string;
  readonly attributes: readonly AttributeRef[];
}

interface Metric {
  readonly name: string;
  readonly instrument: 'counter' | 'updowncounter' | 'histogram';
  readonly unit: string;
  readonly brief: string;
  readonly stability: string;
  readonly attributes: readonly AttributeRef[];
}

/** What the telemetry of this package consists of. */
export interface Registry {
  readonly schemaUrl: string;
  readonly attributes: readonly Attribute[];
  readonly spans: readonly Span[];
  readonly metrics: readonly Metric[];
}

const folder = join(import.meta.dirname, '..');
const read = (name: string) => parse(readFileSync(join(folder, name), 'utf8'));

/** Reads the files of the registry, with what their groups share put into each. */
export function readRegistry(): Registry {
  const groups: Group[] = ['attributes.yaml', 'spans.yaml', 'metrics.yaml'].flatMap(
    (name) => read(name).groups,
  );
  const of = (type: Group['type']): Group[] => groups.filter((group) => group.type === type);
  const refs = (group: Group): AttributeRef[] => {
    const shared = groups.find(({ id }) => id === group.extends);
    return [...(shared ? refs(shared) : []), ...((group.attributes ?? []) as AttributeRef[])];
  };
  return {
    schemaUrl: read('manifest.yaml').schema_url,
    attributes: of('attribute_group')
      .flatMap((group) => group.attributes ?? [])
      .filter((attribute) => 'id' in attribute),
    spans: of('span').map((group) => ({
      id: group.id,
      name: group.annotations!.span_name,
      brief: group.brief,
      stability: group.stability!,
      attributes: refs(group),
    })),
    metrics: of('metric').map((group) => ({
      name: group.metric_name!,
      instrument: group.instrument!,
      unit: group.unit!,
      brief: group.brief,
      stability: group.stability!,
      attributes: refs(group),
    })),
  };
}
