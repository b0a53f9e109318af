import { invalidOption, shown } from './option-checks.ts';

/** Refuses an operation name that cannot stand in a record id. */
export function checkOperationName(name: unknown): asserts name is string {
  if (typeof name === 'string' && name.trim() !== '') return;
  throw invalidOption(
    `operation is ${shown(name)}; give a stable, non-empty name such as 'charge-payment'`,
  );
}
