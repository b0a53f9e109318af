import type { Delivery } from './delivery.ts';
import type { Fault } from './fault.ts';
import type { ServerClock } from './server-clock.ts';
import type { WaitOptions } from './waiting-sender.ts';

/** How commands are sent. */
export interface CommandSettings {
  readonly prefix: string;
  readonly clock: ServerClock;
  readonly wait: WaitOptions | undefined;
  readonly delivery: Delivery;
  readonly fault: Fault;
  /** What every settlement has in common, as lua/settle.lua takes it. */
  readonly settleCommon: string;
}
