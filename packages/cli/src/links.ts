import { downstreamKeyOf, downstreamUuidOf, type IdempotencyRecord } from '@twiceproof/core';

/** A place where more is known about a record. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** The links of a record, made of URL templates. One that needs what the record lacks, or what no
 * URL can hold, is left out. */
export function linksOf(
  templates: Readonly<Record<string, string>> | undefined,
  record: IdempotencyRecord,
): readonly Link[] {
  const { id, environment, operation, run, keyPreview, traceparent } = record;
  const [, traceId, spanId] = traceparent?.split('-') ?? [];
  const known = new Map<string, string | undefined>(
    Object.entries({
      traceId,
      spanId,
      recordId: id,
      environment,
      operation,
      run: String(run),
      key: keyPreview,
      downstreamKey: downstreamKeyOf(id),
      downstreamUuid: downstreamUuidOf(id),
    }),
  );
  return Object.entries(templates ?? {}).flatMap(([label, template]) => {
    let isComplete = true;
    const url = template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      if (!known.has(name)) return placeholder;
      const value = known.get(name);
      // Dots lead to another page wherever they stand in a path, also encoded ones.
      isComplete &&= value !== undefined && !/^\.{1,2}$/.test(value);
      return encodeURIComponent(value ?? '');
    });
    return isComplete ? [{ label, url }] : [];
  });
}
