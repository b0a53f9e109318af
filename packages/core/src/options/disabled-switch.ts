import { processState } from '../process-state.ts';
import { invalidOption, shown } from './option-checks.ts';

/**
 * Whether `TWICEPROOF_DISABLED` in the environment says to run without idempotency. Read at the call,
 * so that a test or an operator's tool may set it at any time. Throws `OPTIONS_INVALID` for nonsense.
 */
export function isSwitchedOff(): boolean {
  const given = fromEnvironment();
  if (given === undefined) return false;
  switch (given.trim().toLowerCase()) {
    case '1':
    case 'true':
    case 'yes':
    case 'on':
      return true;
    case '':
    case '0':
    case 'false':
    case 'no':
    case 'off':
      return false;
    default:
      throw invalidOption(
        `TWICEPROOF_DISABLED is ${shown(given)}; give 1, true, yes or on to run without idempotency, 0, false, no or off to run with it`,
      );
  }
}

/** Undefined also where the process may not look: Deno asks for a permission. */
function fromEnvironment(): string | undefined {
  try {
    // biome-ignore lint/style/noProcessEnv: the one switch that a development machine flips without a build
    return process.env.TWICEPROOF_DISABLED;
  } catch {
    return undefined;
  }
}

export function sayDisabled(): void {
  if (processState.said.has('disabled')) return;
  processState.said.add('disabled');
  console.warn(
    'Twiceproof is disabled (enabled: false or TWICEPROOF_DISABLED): functions run without idempotency.',
  );
}
