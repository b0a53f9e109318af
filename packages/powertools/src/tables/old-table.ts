/** A record of Powertools, whatever it is kept in. */
export interface OldRecord {
  readonly id: string;
  readonly status: string;
  /** Seconds since 1970. */
  readonly expiration: number | undefined;
  /** Milliseconds since 1970. */
  readonly inProgressExpiration: number | undefined;
  readonly validation: string | undefined;
  /** The result: a value of TypeScript's, a JSON text of Python's; undefined if there is none. */
  readonly data: unknown;
}

/** What a claim writes. */
export interface OldClaim {
  readonly id: string;
  readonly token: string;
  readonly expiration: number;
  readonly inProgressExpiration: number;
  readonly validation: string | undefined;
}

/** What a completion writes. */
interface OldResult {
  readonly claim: OldClaim;
  readonly expiration: number;
  readonly data: unknown;
}

/** Where Powertools keeps its records. */
export interface OldTable {
  get(id: string): Promise<OldRecord | undefined>;
  /** Takes a free record as Powertools does. Answers the one in the way otherwise, or `'busy'` where
   * there is no telling which. */
  claim(claim: OldClaim): Promise<'claimed' | 'busy' | OldRecord>;
  /** Whether the record was still this claim's, as which it now expires later. */
  renew(claim: OldClaim): Promise<boolean>;
  /** Whether the record was still this claim's or is gone, or is completed by it. */
  complete(result: OldResult): Promise<boolean>;
  /** Ends the claim, so that old and new code may execute at once. */
  release(claim: OldClaim): Promise<void>;
  /** All records, in no order. */
  scan(): AsyncIterable<OldRecord>;
}

/** The attributes of a record, where they have other names than Powertools gives them. */
export interface OldAttributes {
  /** Default `'status'`. */
  readonly statusAttr?: string | undefined;
  /** Default `'expiration'`. */
  readonly expiryAttr?: string | undefined;
  /** Default `'in_progress_expiration'`. */
  readonly inProgressExpiryAttr?: string | undefined;
  /** Default `'data'`. */
  readonly dataAttr?: string | undefined;
  /** Default `'validation'`. */
  readonly validationKeyAttr?: string | undefined;
}

/** Whose claim it is; Powertools has nothing of the kind, ignores it, and loses it when it takes over. */
export const tokenAttribute = 'twiceproof_token';

export function namesOf(attributes: OldAttributes): Required<Record<keyof OldAttributes, string>> {
  return {
    statusAttr: attributes.statusAttr ?? 'status',
    expiryAttr: attributes.expiryAttr ?? 'expiration',
    inProgressExpiryAttr: attributes.inProgressExpiryAttr ?? 'in_progress_expiration',
    dataAttr: attributes.dataAttr ?? 'data',
    validationKeyAttr: attributes.validationKeyAttr ?? 'validation',
  };
}
