/** What a record id says of its record. */
export interface RecordOrigin {
  readonly environment: string;
  readonly operation: string;
  readonly run: number;
}

/** By what stands before the digest: of that there are as many as operations, and of records many more. */
const origins = new Map<string, RecordOrigin | undefined>();
const mostOrigins = 1_000;

/** Undefined for an id that is not `environment/operation/run/digest`, each part percent-encoded. */
export function originOf(id: string): RecordOrigin | undefined {
  const at = Math.max(0, id.lastIndexOf('/'));
  if (at === latest.before.length && id.startsWith(latest.before)) return latest.origin;
  const before = id.slice(0, at);
  const known = origins.get(before);
  if (known !== undefined || origins.has(before)) {
    latest = { before, origin: known };
    return known;
  }
  if (origins.size === mostOrigins) origins.clear();
  const origin = readOrigin(before);
  origins.set(before, origin);
  return origin;
}

/** One record is often asked for the same thing as the one before, and comparing is less than looking up. */
let latest: { readonly before: string; readonly origin: RecordOrigin | undefined } = {
  before: '',
  origin: undefined,
};

function readOrigin(text: string): RecordOrigin | undefined {
  const [environment, operation, run, ...rest] = text.split('/');
  if (run === undefined || rest.length > 0 || !/^\d{1,15}$/.test(run)) return undefined;
  try {
    return {
      environment: decodeURIComponent(environment!),
      operation: decodeURIComponent(operation!),
      run: Number(run),
    };
  } catch {
    return undefined;
  }
}
