import { boundarySpecs } from './suite/boundaries.ts';
import type { HttpSpec } from './suite/http-spec.ts';
import { keySpecs } from './suite/keys.ts';
import { payloadSpecs } from './suite/payloads.ts';
import { raceSpecs } from './suite/races.ts';
import { replaySpecs } from './suite/replays.ts';

/** Every case, in the order in which they are worth reading. */
export const httpSuite: readonly HttpSpec[] = [
  replaySpecs,
  keySpecs,
  payloadSpecs,
  raceSpecs,
  boundarySpecs,
].flat();
