/** A Lua script as the generator embeds it. */
export interface Script {
  readonly name: string;
  readonly sha1: string;
  readonly lua: string;
}

/** What a script answers: its verdict, the server's microseconds, and more. */
export type ScriptAnswer = readonly [verdict: number, micros: number, ...rest: unknown[]];
