import { answerCheckers } from './answers.ts';
import { effectCheckers } from './effects.ts';
import { endingCheckers } from './endings.ts';
import { recordCheckers } from './records.ts';

/** Everything that always holds, by name. */
export const invariants = {
  ...effectCheckers,
  ...recordCheckers,
  ...answerCheckers,
  ...endingCheckers,
};

export type InvariantName = keyof typeof invariants;
