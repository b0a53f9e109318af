const announcement = '[ioredis] Unhandled error event:';

/** What the clients of a configuration file say of their connections. */
export interface ClientFaults {
  /** Resolves with the first one. */
  readonly first: Promise<Error>;
  last(): Error | undefined;
}

/**
 * Keeps to itself, until the process ends, what ioredis prints of every failed try of a client that
 * nobody listens to: the command says it, once.
 */
export function hearClientFaults(): ClientFaults {
  const { error: print } = console;
  const { promise: first, resolve } = Promise.withResolvers<Error>();
  let last: Error | undefined;
  console.error = (...what: unknown[]) => {
    if (what[0] !== announcement) return print.apply(console, what);
    last = faultOf(String(what[1]));
    resolve(last);
  };
  return { first, last: () => last };
}

/** ioredis prints the stack alone. */
function faultOf(stack: string): Error {
  const [line = ''] = stack.split('\n');
  const message = line.replace(/^\w*Error: /, '');
  return Object.assign(new Error(message), { code: /\bE[A-Z]+\b/.exec(message)?.[0] });
}
