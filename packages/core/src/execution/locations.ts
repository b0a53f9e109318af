import { type KeyPrefix, keyPrefix } from '../key/record-id.ts';
import type { Deployment } from './deployment.ts';
import { KnownKeys } from './known-keys.ts';

/** What the record ids of one operation, run and scope have in common, with the keys that came again there. */
export interface Location {
  readonly run: number;
  readonly scope: string | number | bigint | undefined;
  readonly prefix: KeyPrefix;
  /** None where keys are personal data, or do not come again. */
  readonly knownKeys: KnownKeys | undefined;
}

/** The locations of one operation, of which nearly every call has the one that the last call had. */
export class Locations {
  readonly #deployment: Deployment;
  readonly #operation: string;
  readonly #knowsKeys: boolean;
  #latest: Location | undefined;

  constructor(deployment: Deployment, operation: string, knowsKeys: boolean) {
    this.#deployment = deployment;
    this.#operation = operation;
    this.#knowsKeys = knowsKeys && deployment.digestKey === undefined;
  }

  /** Throws `OPTIONS_INVALID` for a run or scope that no record id can hold. */
  of(run: number, scope: Location['scope']): Location {
    const latest = this.#latest;
    if (latest && latest.run === run && latest.scope === scope) return latest;
    const { environment, digestKey } = this.#deployment;
    const prefix = keyPrefix({ environment, operation: this.#operation, run, scope, digestKey });
    const knownKeys = this.#knowsKeys ? new KnownKeys() : undefined;
    latest?.knownKeys?.leave();
    this.#latest = { run, scope, prefix, knownKeys };
    return this.#latest;
  }
}
