import {
  IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import {
  BasePersistenceLayer,
  type IdempotencyRecord,
} from '@aws-lambda-powertools/idempotency/persistence';
import { type Charge, chargeThrough } from './charge.ts';
import { byId, type KeyChoice } from './key-choice.ts';

/** Charges with AWS Powertools; on a Map unless told otherwise: what is left is its own cost, without that of any engine. */
export function chargeWithPowertools(
  persistenceStore: BasePersistenceLayer = new MapPersistence(),
  { path }: KeyChoice = byId,
): Charge {
  const config = new IdempotencyConfig(path === undefined ? {} : { eventKeyJmesPath: path });
  // Without one it complains about every call.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 } as never);
  return chargeThrough(
    (fn) =>
      makeIdempotent(fn, { persistenceStore, config }) as (payment: unknown) => Promise<unknown>,
  );
}

class MapPersistence extends BasePersistenceLayer {
  readonly #records = new Map<string, IdempotencyRecord>();

  protected async _putRecord(record: IdempotencyRecord): Promise<void> {
    const existing = this.#records.get(record.idempotencyKey);
    if (existing && !existing.isExpired()) {
      throw new IdempotencyItemAlreadyExistsError('it is there', existing);
    }
    this.#records.set(record.idempotencyKey, record);
  }

  protected async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const record = this.#records.get(idempotencyKey);
    if (record) return record;
    throw new IdempotencyItemNotFoundError('it is not there');
  }

  protected async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.set(record.idempotencyKey, record);
  }

  protected async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.delete(record.idempotencyKey);
  }
}
