/** What the exit code of a command says. */
export const exitCodes = {
  done: 0,
  /** Nothing was changed, or not everything; or `verify` found something. */
  refused: 1,
  /** The command line, the store URL or the configuration file is wrong. */
  usage: 2,
  /** The store cannot be reached, refuses the login or lacks its table. */
  store: 3,
  /** There is no such record, or more than one. */
  notFound: 4,
  /** Nobody expected this. */
  fault: 5,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with one line on stderr, which says what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  /** Further lines below the first, as they are. */
  readonly details: string | undefined;

  constructor(
    exitCode: ExitCode,
    message: string,
    { details, ...options }: ErrorOptions & { readonly details?: string } = {},
  ) {
    super(message, options);
    this.exitCode = exitCode;
    this.details = details;
  }
}

export function usage(message: string, options?: ErrorOptions): Failure {
  return new Failure(exitCodes.usage, message, options);
}
