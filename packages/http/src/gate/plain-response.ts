/** Header fields in order; a name may occur more than once. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A whole response, before it is told to a framework. */
export interface PlainResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** The body as `textIfAscii` has it, where that is known already. */
  readonly content?: string | Uint8Array | undefined;
}
