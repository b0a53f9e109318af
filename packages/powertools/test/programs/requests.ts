/** Where records are, as a program is told. */
export interface PlaceSpec {
  readonly endpoint?: string;
  readonly table?: string;
  readonly sortKeyAttr?: string;
  readonly redis?: string;
}

/** One function, as a program is told. Python's options have Python's names. */
export interface FunctionSpec {
  readonly place: PlaceSpec;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly keyPrefix?: string;
  /** A function with its payload as its argument; otherwise a handler with a context. */
  readonly function?: boolean;
  /** What is left of the invocation, in milliseconds; of handlers. */
  readonly remaining?: number;
  readonly result?: unknown;
  readonly raises?: string;
  /** A Redis that counts effects by `event.id`. */
  readonly effects?: string;
  /** Of new code: what it adopts, and where its own records are. */
  readonly adopts?: 'typescript' | 'python';
  readonly own?: string;
}

export interface CallRequest {
  readonly spec: FunctionSpec;
  readonly event: unknown;
}

/** Only the hash that Powertools makes of a key. */
export interface HashRequest {
  readonly key: unknown;
  readonly hash?: string;
}

/** What came of a call. */
export interface Said {
  readonly result?: unknown;
  readonly ran?: boolean;
  readonly inProgress?: boolean;
  readonly mismatch?: boolean;
  readonly error?: string;
  readonly hash?: string;
}
