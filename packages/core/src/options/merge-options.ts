import type { OperationOptions, Retention } from './options.ts';

/**
 * `own` over `defaults`. Undefined chooses nothing, and a retention that is given for one outcome
 * leaves the default for the other.
 */
export function mergeOptions<Defaults extends object, Own extends object>(
  defaults: Defaults,
  own: Own,
): Defaults & Own {
  const merged = { ...defaults, ...withoutUndefined(own) };
  const retention = mergeRetention(retentionOf(defaults), retentionOf(own));
  return retention === undefined ? merged : { ...merged, retention };
}

/** A copy that has only what was chosen. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
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
