import { type KeyPrefix, keyPrefix } from '../key/record-id.ts';
import type { Deployment } from './deployment.ts';
import { KnownKeys } from './known-keys.ts';

/** What the record ids of one operation, run and scope have in common, with the keys that came again there. */
export interface Location {
  readonly run: number;
  readonly scope: string | number | bigint | undefined;
  readonly prefix: KeyPrefix;
  /** None where keys are personal data. */
  readonly knownKeys: KnownKeys | undefined;
}

/** The locations of one operation, of which nearly every call has the one that the last call had. */
export class Locations {
  readonly #deployment: Deployment;
  readonly #operation: string;
  #latest: Location | undefined;

  constructor(deployment: Deployment, operation: string) {
    this.#deployment = deployment;
    this.#operation = operation;
  }

  /** Throws `OPTIONS_INVALID` for a run or scope that no record id can hold. */
  of(run: number, scope: Location['scope']): Location {
    const latest = this.#latest;
    if (latest && latest.run === run && latest.scope === scope) return latest;
    const { environment, digestKey } = this.#deployment;
    const prefix = keyPrefix({ environment, operation: this.#operation, run, scope, digestKey });
    const knownKeys = digestKey === undefined ? new KnownKeys() : undefined;
    this.#latest = { run, scope, prefix, knownKeys };
    return this.#latest;
  }
}
