/** A Lua script as the generator embeds it. */
export interface Script {
  readonly name: string;
  readonly sha1: string;
  readonly lua: string;
}

/** What a script about one record answers: its verdict, the server's microseconds, and more. */
export type ScriptAnswer = readonly [verdict: number, micros: number, ...rest: unknown[]];

/** What a script about several records answers: the server's microseconds or 0, and an answer for each. */
export type GroupAnswer = readonly [micros: number, ...answers: unknown[]];

/** Verdicts of scripts that did, or did not, what they were asked for. */
export const done = 1;
export const notDone = 0;
/** What the key holds is no record. */
export const unreadable = -1;

/** Verdicts on a settlement; lua/settle.lua says what comes with them. */
export const settled = {
  asExpected: 4,
  tooLarge: 3,
  before: 2,
  now: 1,
  lost: 0,
  unreadable: -1,
  fault: -2,
} as const;
