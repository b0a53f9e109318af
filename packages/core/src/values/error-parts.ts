/** More than anybody would read of an error. */
const mostParts = 200;

/**
 * An error, and all that it names as its reason: its `cause`, the `errors` of an AggregateError, the two
 * of a SuppressedError, the `detail` where some SDKs keep the error of the connection. Parts for which
 * `isWanted` says no are left out, with their reasons.
 */
export function errorParts(
  error: unknown,
  isWanted: (part: unknown) => boolean = () => true,
): readonly unknown[] {
  const parts = isWanted(error) ? [error] : [];
  for (let index = 0; index < parts.length && index < mostParts; index++) {
    for (const reason of reasonsOf(parts[index])) {
      if (!parts.includes(reason) && isWanted(reason)) parts.push(reason);
    }
  }
  return parts;
}

type Reasons = Record<'name' | 'cause' | 'errors' | 'detail' | 'error' | 'suppressed', unknown>;

function reasonsOf(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  try {
    const { name, cause, errors, detail, error: last, suppressed } = error as Reasons;
    const reasons = Array.isArray(errors) ? errors.slice(0, mostParts) : [];
    const disposed = name === 'SuppressedError' ? [last, suppressed] : [];
    return [cause, detail, ...disposed, ...reasons].filter(
      (reason) => typeof reason === 'object' && reason,
    );
  } catch {
    return [];
  }
}
