import { encodeOmitted } from '../codec/index.ts';
import { IdempotencyError } from '../errors.ts';
import type { Policy } from '../options/policy.ts';
import type { EncodedOutcome, Settlement, StoredRecord } from '../store.ts';
import { discardOffloaded, offloadOutcome, protectOutcome, sealOutcome } from './outcome-layers.ts';
import type { RequestDetails } from './request.ts';
import type { FirstTry, StoreRequests } from './store-requests.ts';

/** Whose record, and which attempt of it. */
export interface Ownership {
  readonly id: string;
  readonly token: string;
  readonly fence: number;
}

/** What a completion that is tried again need not make again. */
export interface Prepared {
  sealed?: Uint8Array;
  /** Stands for an outcome that was offloaded. */
  reference?: Uint8Array | undefined;
  /** What came of the first try, which needs not be made again either. */
  first?: FirstTry<Settlement> | undefined;
}

/** What became of a completion. */
export type Completion =
  | {
      /** `kept: false`: completed, but the outcome was too large to keep. */
      readonly kept: boolean;
      readonly record: StoredRecord;
      /** The outcome before it was sealed, for replays in this process. */
      readonly recorded: Uint8Array;
    }
  | undefined;

/**
 * Completes a record with an encoded outcome: as it is, offloaded, or omitted, in the first form that
 * fits. Undefined if the record is no longer mine.
 */
export async function completeRecord(
  requests: StoreRequests,
  policy: Pick<Policy, 'layers' | 'maxResultBytes'>,
  { id, token, fence }: Ownership,
  outcome: EncodedOutcome,
  details: RequestDetails,
  prepared: Prepared,
): Promise<Completion> {
  const { layers, maxResultBytes } = policy;
  const settle = (stored: Uint8Array): Promise<Settlement> => {
    const { first } = prepared;
    prepared.first = undefined;
    return requests.complete(id, token, { ...outcome, bytes: stored }, details, first);
  };
  const completion = (
    settlement: Settlement,
    stored: Uint8Array,
    omitted?: Uint8Array,
  ): Completion =>
    settlement.status === 'done' || settlement.status === 'already_done'
      ? {
          kept: omitted === undefined,
          record: { ...settlement.record, outcome: stored },
          recorded: omitted ?? outcome.bytes,
        }
      : undefined;

  prepared.sealed ??= sealOutcome(layers, outcome.bytes, id);
  const { sealed } = prepared;
  if (sealed.byteLength <= maxResultBytes) {
    const settlement = await settle(sealed);
    if (settlement.status !== 'too_large') return completion(settlement, sealed);
  }
  prepared.reference ??=
    layers.offload && (await offloaded(layers, layers.offload, sealed, id, fence));
  const { reference } = prepared;
  if (reference) {
    const settlement = await settle(reference);
    const kept = completion(settlement, reference);
    if (!kept) await discardOffloaded(layers, reference, id);
    if (settlement.status !== 'too_large') return kept;
  }
  const omitted = encodeOmitted('too_large');
  const stored = protectOutcome(layers, omitted, id);
  const settlement = await settle(stored);
  if (settlement.status === 'too_large') throw unfitting(id, settlement);
  return completion(settlement, stored, omitted);
}

function unfitting(
  recordId: string,
  { recordBytes, maxRecordBytes }: Extract<Settlement, { status: 'too_large' }>,
): IdempotencyError {
  const message = `${recordId} cannot be completed and stays owned until its lease is over: it takes ${recordBytes} bytes even without its result, and the store takes ${maxRecordBytes}; raise the store's limit, or show operators less with input: false`;
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}

/** The effect has happened, so an offload that fails costs the result and nothing else. */
async function offloaded(
  ...offload: Parameters<typeof offloadOutcome>
): Promise<Uint8Array | undefined> {
  try {
    return await offloadOutcome(...offload);
  } catch {
    return undefined;
  }
}
