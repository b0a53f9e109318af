import type { TypeCodec } from '../codec/type-codec.ts';
import type { OperationOptions, Retention } from './options.ts';

/**
 * `own` over `defaults`. Undefined chooses nothing, and a retention that is given for one outcome
 * leaves the default for the other. Codecs are added to the defaults, in front of them.
 */
export function mergeOptions<Defaults extends object, Own extends object>(
  defaults: Defaults,
  own: Own,
): Defaults & Own {
  const merged = { ...defaults, ...withoutUndefined(own) };
  const retention = mergeRetention(retentionOf(defaults), retentionOf(own));
  const types = mergeTypes(typesOf(defaults), typesOf(own));
  return {
    ...merged,
    ...(retention === undefined ? {} : { retention }),
    ...(types === undefined ? {} : { types }),
  };
}

/** What was chosen alone. */
function withoutUndefined<T extends object>(options: T): T {
  if (!Object.values(options).includes(undefined)) return options;
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

function typesOf({ types }: Pick<OperationOptions, 'types'>): OperationOptions['types'] {
  return types;
}

function mergeTypes(
  broad: readonly TypeCodec[] | undefined,
  narrow: readonly TypeCodec[] | undefined,
): readonly TypeCodec[] | undefined {
  // What is no list is refused where options are checked.
  if (!Array.isArray(broad) || !Array.isArray(narrow)) return narrow ?? broad;
  const names = new Set(narrow.map((codec: TypeCodec | undefined) => codec?.name));
  return [...narrow, ...broad.filter((codec: TypeCodec | undefined) => !names.has(codec?.name))];
}

function retentionOf({ retention }: Pick<OperationOptions, 'retention'>): Retention | undefined {
  return retention;
}

function mergeRetention(
  broad: Retention | undefined,
  narrow: Retention | undefined,
): Retention | undefined {
  if (narrow === undefined) return broad;
  if (broad === undefined || typeof narrow !== 'object' || narrow === null) return narrow;
  const { completed, failed } =
    typeof broad === 'object' ? broad : { completed: broad, failed: broad };
  return { completed, failed, ...withoutUndefined(narrow) };
}
