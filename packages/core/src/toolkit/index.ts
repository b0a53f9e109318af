export { systemClock } from '../clock.ts';
export { untilAborted } from '../execution/until-aborted.ts';
export { plainText } from '../key/canonical-plain.ts';
export { nodeCrypto } from '../node-crypto.ts';
export { onDemand } from '../on-demand.ts';
export { checkIdempotency } from '../options/idempotency-check.ts';
export {
  checkCount,
  checkFunction,
  checkNames,
  checkOneOf,
  checkSwitch,
  invalidOption,
  shown,
} from '../options/option-checks.ts';
export { checkWrappable } from '../options/wrappable.ts';
export { createOwnClaims, type OwnClaims } from '../own-claims.ts';
export {
  createReplayGuess,
  type ReplayGuess,
  type ReplayGuessOptions,
} from '../replay-guess.ts';
export { within } from '../within.ts';
export { settledAtOnce } from '../wrapped.ts';
