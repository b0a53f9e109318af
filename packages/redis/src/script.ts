/** A Lua script as the generator embeds it. */
export interface Script {
  readonly name: string;
  readonly sha1: string;
  readonly lua: string;
}

/** What a script about one record says of it: the head of each in src/lua names its own. */
export type Verdict =
  | 'acquired'
  | 'existing'
  | 'renewed'
  | 'lost'
  | 'found'
  | 'absent'
  | 'deleted'
  | 'kept'
  | 'extended'
  | 'unchanged'
  | 'taken'
  | 'refused'
  | 'awaited'
  | 'over'
  /** What the key holds is no record. */
  | 'unreadable';

/** What a script about one record answers: its verdict, the server's microseconds, and more. */
export type ScriptAnswer = readonly [verdict: Verdict, micros: number, ...rest: unknown[]];

/** What a script about several records answers: the server's microseconds or 0, and an answer for each. */
export type GroupAnswer = readonly [micros: number, ...answers: unknown[]];

/** What lua/settle.lua answers about one record: null if it was settled as its claimant knew that it would be. */
export type SettleAnswer = readonly [verdict: Buffer, told?: unknown] | null;

/** Its verdicts otherwise; lua/settle.lua says what comes with them. */
export type SettleVerdict = 'done' | 'already_done' | 'lost' | 'too_large' | 'unreadable' | 'fault';
