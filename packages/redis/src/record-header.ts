/** The head of a stored record: see lua/record.lua for its layout, which both sides must keep to. */
export interface RecordHeader {
  /** p in progress, c completed, f failed, m a copy of another store's record, t deleted. */
  readonly status: 'p' | 'c' | 'f' | 'm' | 't';
  readonly fence: number;
  readonly attempt: number;
  readonly createdAt: number;
  readonly startedAt: number;
  /** While in progress the length of the lease at the claim; once settled, when it ended. */
  readonly lease: number;
  readonly completedAt: number | undefined;
  /** While in progress the retention; once settled, when it is over; undefined for never. */
  readonly expires: number | undefined;
  /** How much longer than its lease the key of a record in progress lives. */
  readonly behind: number;
  readonly tokenBytes: number;
  readonly fingerprintBytes: number | undefined;
  /** Where what follows starts. */
  readonly tokenAt: number;
  readonly bodyAt: number;
  readonly noteAt: number;
  readonly outcomeAt: number;
}

const statuses: readonly string[] = ['p', 'c', 'f', 'm', 't'];
const zero = 48;
const nine = 57;
const semicolon = 59;
const layout = 49;

/** Undefined if the bytes are no record, or one of a layout that this version does not know. */
export function readHeader(bytes: Buffer): RecordHeader | undefined {
  if (bytes.length < 4 || bytes[0] !== layout || bytes[3] !== semicolon) return undefined;
  const status = String.fromCharCode(bytes[1]!) as RecordHeader['status'];
  const fields = new FieldReader(bytes, 4);
  const fence = fields.number();
  const attempt = fields.number();
  const createdAt = fields.number();
  const startedAt = fields.number();
  const lease = fields.number();
  const completedAt = fields.number();
  const expires = fields.number();
  const behind = fields.number();
  fields.skip();
  const tokenBytes = fields.number();
  const fingerprintBytes = fields.number();
  const bodyBytes = fields.number();
  const noteBytes = fields.number();
  if (fence === undefined || attempt === undefined || createdAt === undefined) return undefined;
  if (startedAt === undefined || lease === undefined || behind === undefined) return undefined;
  if (tokenBytes === undefined || fields.isBroken || !statuses.includes(status)) return undefined;
  const tokenAt = fields.at;
  const bodyAt = tokenAt + tokenBytes + (fingerprintBytes ?? 0);
  const noteAt = bodyBytes === undefined ? bytes.length : bodyAt + bodyBytes;
  const outcomeAt = noteAt + (noteBytes ?? 0);
  if (bodyAt > noteAt || outcomeAt > bytes.length) return undefined;
  return {
    status,
    fence,
    attempt,
    createdAt,
    startedAt,
    lease,
    completedAt,
    expires,
    behind,
    tokenBytes,
    fingerprintBytes,
    tokenAt,
    bodyAt,
    noteAt,
    outcomeAt,
  };
}

/** What stands before the token, for a record written by this client. */
export function writeHeader(
  header: Omit<RecordHeader, 'tokenAt' | 'bodyAt' | 'noteAt' | 'outcomeAt'>,
  bodyBytes: number | '',
  noteBytes: number | '',
): string {
  return (
    `1${header.status}0;${header.fence};${header.attempt};${header.createdAt};${header.startedAt};` +
    `${header.lease};${header.completedAt ?? ''};${header.expires ?? ''};${header.behind};;` +
    `${header.tokenBytes};${header.fingerprintBytes ?? ''};${bodyBytes};${noteBytes};`
  );
}

/** Reads fields that end in a semicolon. */
class FieldReader {
  readonly #bytes: Buffer;
  at: number;
  isBroken = false;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Undefined for an empty field. */
  number(): number | undefined {
    const from = this.at;
    let value = 0;
    for (let byte = this.#next(); byte !== semicolon; byte = this.#next()) {
      if (byte < zero || byte > nine) {
        this.isBroken = true;
        return undefined;
      }
      value = value * 10 + byte - zero;
    }
    return this.at - 1 === from ? undefined : value;
  }

  skip(): void {
    while (this.#next() !== semicolon);
  }

  #next(): number {
    if (this.at < this.#bytes.length) return this.#bytes[this.at++]!;
    this.isBroken = true;
    return semicolon;
  }
}
