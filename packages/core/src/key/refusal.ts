import { IdempotencyError } from '../errors.ts';
import { className } from '../values/object-kind.ts';
import { Refusal } from '../values/refusal.ts';

/** What is being encoded, in the words of the message. */
export type Subject = 'key' | 'fingerprint';

/** The refusal that `thrown` is or, for an error of the value's own code, means. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const type = typeof thrown === 'object' && thrown !== null ? className(thrown) : typeof thrown;
  return new Refusal(`a value that threw ${type ?? 'an object'} when read`, 'see the cause', {
    cause: thrown,
  });
}

export function unsupported(
  refusal: Refusal,
  subject: Subject,
): IdempotencyError<'KEY_UNSUPPORTED'> {
  const { cycle } = refusal;
  const what = cycle ? cycleText(cycle.from, subject) : refusal.what;
  const advice = cycle ? 'leave it out' : refusal.advice;
  const path = cycle ? cycle.to : refusal.path;
  return new IdempotencyError(
    'KEY_UNSUPPORTED',
    path === ''
      ? `the ${subject} itself is ${what}; ${advice}`
      : ` at ${path}: ${what} cannot be part of a ${subject}; ${advice}`,
    { ...refusal.details, path },
  );
}

function cycleText(from: string, subject: Subject): string {
  return `a reference back to ${from === '' ? `the ${subject} itself` : from}`;
}
