/** A server that the suite can talk to. */
export interface HttpHarness {
  /** Its address, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Called once, after the last case. */
  stop(): Promise<void>;
}

/** Starts the server under test. */
export type HttpStart = () => Promise<HttpHarness>;
