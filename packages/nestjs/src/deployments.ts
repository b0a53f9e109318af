import { type Idempotency, IdempotencyError } from '@twiceproof/core';

/** The deployments of the applications that run in this process. */
export const deployments: Set<Idempotency> = new Set();

/** The only one there is, for instances that Nest did not make and so could not give one. */
export function onlyDeployment(what: string): Idempotency {
  const [only, another] = deployments;
  if (only && !another) return only;
  const message = only
    ? `${what} was called on an instance that Nest did not make, and there are several applications; let Nest make it`
    : `${what} was called, and no application has TwiceproofModule; import TwiceproofModule.forRoot({ … })`;
  throw new IdempotencyError('OPTIONS_INVALID', message);
}
