import type { Caller } from './caller.ts';

/** What a caller asks the server. */
export type Ask = 'claim' | 'renew' | 'complete' | 'release' | 'unknown' | 'withdraw';

/** A request on its way. */
export interface Message {
  readonly caller: Caller;
  readonly ask: Ask;
  readonly sentAt: number;
}
