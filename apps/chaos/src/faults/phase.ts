import type { Target } from '../engines/target.ts';
import type { Fleet } from '../fleet.ts';
import type { Fault } from '../history/event.ts';
import type { Random } from '../random.ts';
import type { Mishap } from '../worker/messages.ts';

/** What a fault has to work with. */
export interface Scene {
  readonly target: Target;
  readonly fleet: Fleet;
  readonly faults: Fault[];
  readonly random: Random;
  /** The nth key that this fault is put to. */
  readonly keyOf: (index: number) => string;
}

/** One kind of fault, to which a share of the keys is put. */
export interface Phase {
  readonly name: string;
  /** Whether it can be done to this engine. */
  fits(target: Target): boolean;
  /** What befalls the executor of the nth key at its first attempt. */
  mishap?(index: number): Mishap | undefined;
  /** Runs beside the calls; then everything is whole again. */
  strike?(scene: Scene): Promise<void>;
}
