/** A stored record taken apart; lua/record.lua says how it is laid out, and both must keep to it. */
export interface RecordHead {
  /** p in progress, c completed, f failed, m a copy of another store's record, t deleted, u in progress after
   * an attempt that ended as unknown. */
  readonly status: 'p' | 'c' | 'f' | 'm' | 't' | 'u';
  readonly isRenewed: boolean;
  readonly completedAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** Of a settled record whose lease a renewal had moved. */
  readonly leaseUntil: number | undefined;
  readonly fence: number;
  readonly attempt: number;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly leaseMs: number;
  readonly retentionMs: number | undefined;
  readonly hasFingerprint: boolean;
  /** Where the parts start; each ends where the next starts, but for the token's end. */
  readonly tokenAt: number;
  readonly tokenEnd: number;
  readonly fingerprintAt: number;
  readonly bodyAt: number;
  readonly noteAt: number;
  readonly outcomeAt: number;
}

const layout = '1'.charCodeAt(0);
const bar = '|'.charCodeAt(0);
const semicolon = ';'.charCodeAt(0);
const zero = '0'.charCodeAt(0);
const nine = '9'.charCodeAt(0);
const statuses = new Map(
  (['p', 'c', 'f', 'm', 't', 'u'] as const).map((status) => [status.charCodeAt(0), status]),
);

/** Undefined if the bytes are no record, or one of a layout that this version does not know. */
export function readHead(bytes: Buffer): RecordHead | undefined {
  const status = statuses.get(bytes[1]!);
  if (bytes[0] !== layout || status === undefined) return undefined;
  const fields = new FieldReader(bytes, 3);
  const tokenBytes = fields.number();
  if (tokenBytes === undefined) return undefined;
  const tokenAt = fields.at;
  fields.at += tokenBytes;
  const isSettled = status !== 'p';
  const completedAt = isSettled ? fields.number() : undefined;
  const expiresAt = isSettled ? fields.number() : undefined;
  const leaseUntil = isSettled ? fields.number() : undefined;
  if (isSettled) fields.skipTwo();
  const claimBytes = isSettled ? fields.number() : undefined;
  const noteBytes = isSettled ? fields.number(bar) : fields.empty(bar);
  const claimAt = fields.at;
  const fence = fields.number();
  const attempt = fields.number();
  const createdAt = fields.number();
  const startedAt = fields.number();
  const leaseMs = fields.number();
  const retentionMs = fields.number();
  fields.number();
  const fingerprintBytes = fields.number();
  if (fence === undefined || attempt === undefined || leaseMs === undefined) return undefined;
  const fingerprintAt = fields.at;
  const bodyAt = fingerprintAt + (fingerprintBytes ?? 0);
  const noteAt = claimBytes === undefined ? bytes.length : claimAt + claimBytes;
  const outcomeAt = noteAt + (noteBytes ?? 0);
  if (fields.isBroken || bodyAt > noteAt || outcomeAt > bytes.length) return undefined;
  return {
    status,
    isRenewed: bytes[2] !== zero,
    completedAt,
    expiresAt,
    leaseUntil,
    fence,
    attempt,
    createdAt: createdAt ?? Math.floor(fence / 1_000),
    startedAt: startedAt ?? Math.floor(fence / 1_000),
    leaseMs,
    retentionMs,
    hasFingerprint: fingerprintBytes !== undefined,
    tokenAt,
    tokenEnd: tokenAt + tokenBytes,
    fingerprintAt,
    bodyAt,
    noteAt,
    outcomeAt,
  };
}

/** Reads numbers, each with the byte that ends it. */
class FieldReader {
  readonly #bytes: Buffer;
  at: number;
  isBroken = false;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Undefined for an empty field. */
  number(end: number = semicolon): number | undefined {
    const from = this.at;
    let value = 0;
    for (let at = from; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at]!;
      if (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        continue;
      }
      this.at = at + 1;
      if (byte !== end) break;
      return at === from ? undefined : value;
    }
    this.isBroken = true;
    return undefined;
  }

  empty(end: number): undefined {
    if (this.#bytes[this.at++] !== end) this.isBroken = true;
  }

  skipTwo(): void {
    const first = this.#bytes.indexOf(semicolon, this.at);
    const second = this.#bytes.indexOf(semicolon, first + 1);
    if (first < 0 || second < 0) this.isBroken = true;
    this.at = second + 1;
  }
}
