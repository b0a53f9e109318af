/** Something that the user can put right: its message is shown without a stack. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  /** 2: the command line is wrong. 1: anything else. */
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 1;
  }
}
