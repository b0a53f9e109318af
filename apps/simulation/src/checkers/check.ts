import type { World } from '../world/world.ts';
import type { Checker } from './invariant.ts';
import { invariants } from './invariants.ts';

type Checkers = { readonly [Hook in keyof Checker]-?: readonly NonNullable<Checker[Hook]>[] };

const hooks = [
  'claimed',
  'changed',
  'claimAnswered',
  'settlementAnswered',
  'effectStarts',
  'effectGoesOn',
  'answered',
  'refused',
  'ends',
  'stuck',
] as const satisfies readonly (keyof Checker)[];

/** All that look at one place. */
const checkers = Object.fromEntries(
  hooks.map((hook) => [
    hook,
    Object.values(invariants as Record<string, Checker>).flatMap((each) => each[hook] ?? []),
  ]),
) as unknown as Checkers;

type What<Hook extends keyof Checker> = Required<Checker>[Hook] extends (
  world: World,
  ...what: infer Rest
) => void
  ? Rest
  : never;

/** Shows the invariants what has just happened. */
export function check<Hook extends keyof Checker>(
  world: World,
  hook: Hook,
  ...what: What<Hook>
): void {
  for (const checker of checkers[hook]) {
    (checker as unknown as (world: World, ...what: What<Hook>) => void)(world, ...what);
  }
}
