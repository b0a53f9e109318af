/** Where text goes to; a terminal says so. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Knows about `NO_COLOR` and `TERM`. */
  hasColors?(): boolean;
  write(text: string): unknown;
}

/** What a command has of the machine that it is run on. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly cwd: string;
  /** Who the operator is, where the machine knows. */
  readonly user: string | undefined;
  /** Calls the listener at Ctrl-C, instead of ending the process, until it is told to stop. */
  onInterrupt(listener: () => void): () => void;
}
