import type { ReceivedBody } from './canonical-body.ts';

/** What the gate asks of a request, whatever the framework. */
export interface Incoming<Req> {
  /** The framework's own request object, for the team's functions. */
  readonly request: Req;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The pattern that the framework's router has matched, such as `/orders/:id`. */
  readonly route: string | undefined;
  /** Every value of a header that was received, apart from each other where the framework knows. */
  header(name: string): readonly string[];
  /**
   * The body for the default fingerprint, in a way that leaves it to be read by the handler. Throws
   * {@link BodyRefused} for one that is larger than `limit` bytes, or incomplete.
   */
  body(limit: number): ReceivedBody | Promise<ReceivedBody>;
}
