import type { Claim, ErrorNote, SettledBy, StoredRecord } from '@twiceproof/core';

/**
 * The parts of a record that the scripts carry along unread: lengths in UTF-16 units, then the texts.
 * Counting units instead of bytes is what lets a claim be one plain string.
 */

type Work = Pick<
  StoredRecord,
  | 'environment'
  | 'operation'
  | 'run'
  | 'scope'
  | 'keyPreview'
  | 'inputPreview'
  | 'traceparent'
  | 'workflow'
  | 'inputDigest'
  | 'formatVersion'
>;

/** What a claim says about the work. */
export function encodeBody(claim: Claim | StoredRecord): string {
  const { environment, operation, scope = '', keyPreview = '', inputPreview = '' } = claim;
  const { traceparent = '', workflow = '', inputDigest = '' } = claim;
  return (
    `${claim.formatVersion},${claim.run},${environment.length},${operation.length},` +
    `${claim.scope?.length ?? ''},${claim.keyPreview?.length ?? ''},` +
    `${claim.inputPreview?.length ?? ''},${claim.traceparent?.length ?? ''},` +
    `${claim.workflow?.length ?? ''},${claim.inputDigest?.length ?? ''};` +
    environment +
    operation +
    scope +
    keyPreview +
    inputPreview +
    traceparent +
    workflow +
    inputDigest
  );
}

/** What a settlement adds to it. */
export interface Note {
  readonly traceparent?: string | undefined;
  readonly lastError?: ErrorNote | undefined;
  readonly settledBy?: SettledBy | undefined;
}

export function encodeNote({ traceparent, lastError, settledBy }: Note): string {
  if (traceparent === undefined && lastError === undefined && settledBy === undefined) return '';
  const { name, message } = lastError ?? {};
  const { by, reason } = settledBy ?? {};
  return (
    `${traceparent?.length ?? ''},${name?.length ?? ''},${message?.length ?? ''},` +
    `${by?.length ?? ''},${reason?.length ?? ''};` +
    `${traceparent ?? ''}${name ?? ''}${message ?? ''}${by ?? ''}${reason ?? ''}`
  );
}

/** Undefined if it is not what {@link encodeBody} writes. */
export function decodeBody(text: string): Work | undefined {
  const reader = new TextReader(text);
  const formatVersion = reader.number();
  const run = reader.number();
  const environmentLength = reader.number();
  const operationLength = reader.number();
  const scopeLength = reader.number();
  const keyLength = reader.number();
  const inputLength = reader.number();
  const traceLength = reader.number();
  const workflowLength = reader.number();
  const digestLength = reader.number();
  const environment = reader.text(environmentLength);
  const operation = reader.text(operationLength);
  const scope = reader.text(scopeLength);
  const keyPreview = reader.text(keyLength);
  const inputPreview = reader.text(inputLength);
  const traceparent = reader.text(traceLength);
  const workflow = reader.text(workflowLength);
  const inputDigest = reader.text(digestLength);
  if (!reader.isAtEnd || formatVersion === undefined || run === undefined) return undefined;
  if (environment === undefined || operation === undefined) return undefined;
  return {
    environment,
    operation,
    run,
    scope,
    keyPreview,
    inputPreview,
    traceparent,
    workflow,
    inputDigest,
    formatVersion,
  };
}

/** Undefined if it is not what {@link encodeNote} writes. */
export function decodeNote(text: string): Note | undefined {
  const reader = new TextReader(text);
  const traceLength = reader.number();
  const nameLength = reader.number();
  const messageLength = reader.number();
  const byLength = reader.number();
  const reasonLength = reader.number();
  const traceparent = reader.text(traceLength);
  const name = reader.text(nameLength);
  const message = reader.text(messageLength);
  const by = reader.text(byLength);
  const reason = reader.text(reasonLength);
  if (!reader.isAtEnd) return undefined;
  const hasError = name !== undefined && message !== undefined;
  return {
    traceparent,
    lastError: hasError ? { name, message } : undefined,
    settledBy: by === undefined ? undefined : { by, reason },
  };
}

const zero = 48;
const nine = 57;

/** Numbers, each with the character that ends it, then texts of these lengths. */
class TextReader {
  readonly #text: string;
  #at = 0;
  #isBroken = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Undefined for an empty field. */
  number(): number | undefined {
    const from = this.#at;
    let value = 0;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at++);
      if (code >= zero && code <= nine) value = value * 10 + (code - zero);
      else if (Number.isNaN(code)) this.#isBroken = true;
      else return this.#at - 1 === from ? undefined : value;
      if (this.#isBroken) return undefined;
    }
  }

  text(length: number | undefined): string | undefined {
    if (length === undefined) return undefined;
    this.#at += length;
    return this.#text.slice(this.#at - length, this.#at);
  }

  get isAtEnd(): boolean {
    return !this.#isBroken && this.#at === this.#text.length;
  }
}
