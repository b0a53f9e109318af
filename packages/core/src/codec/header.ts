import { Malformed, recordCorrupt } from './corrupt.ts';

/**
 * Every outcome starts with two bytes that are never compressed or encrypted:
 *
 * - byte 0: format version, 1
 * - byte 1: bits 0–2 kind, bit 3 tagged, bit 4 compressed, bit 5 encrypted, bits 6–7 zero
 */
export const OUTCOME_FORMAT = 1;
export const HEADER_BYTES = 2;

type OutcomeKind = 'value' | 'error' | 'omitted' | 'offloaded';

/** Kinds as they stand in byte 1. `thrown` is a recorded error that is no Error. */
export const KIND = { value: 1, error: 2, thrown: 3, omitted: 4, offloaded: 5 } as const;
export type KindByte = (typeof KIND)[keyof typeof KIND];

/** The body holds tagged values, so decoding needs a second walk. */
export const TAGGED = 0x08;
export const COMPRESSED = 0x10;
export const ENCRYPTED = 0x20;

const kindBits = 0x07;
const reservedBits = 0xc0;

const kindNames: readonly (OutcomeKind | undefined)[] = [
  undefined,
  'value',
  'error',
  'error',
  'omitted',
  'offloaded',
];

/** Whether it is a result as msgpack has it: nothing in it tagged, compressed or encrypted. */
export function isPlainValue(bytes: Uint8Array): boolean {
  return bytes[0] === OUTCOME_FORMAT && bytes[1] === KIND.value;
}

/** Byte 1 of an outcome that this version can read. Throws `RECORD_CORRUPT` for any other. */
export function readHeader(bytes: Uint8Array, recordId: string | undefined): number {
  const format = bytes[0];
  const head = bytes[1];
  if (format === OUTCOME_FORMAT && head !== undefined && isHead(head)) return head;
  throw recordCorrupt(recordId, whyUnreadable(format, bytes.length));
}

function isHead(head: number): boolean {
  return (head & reservedBits) === 0 && kindNames[head & kindBits] !== undefined;
}

function whyUnreadable(format: number | undefined, length: number): Malformed {
  if (format !== undefined && format > OUTCOME_FORMAT) {
    return new Malformed(
      `it was written by a newer version of Twiceproof (format ${format}, this one reads up to ${OUTCOME_FORMAT})`,
      'upgrade @twiceproof/core',
    );
  }
  return new Malformed(
    length < HEADER_BYTES
      ? 'it is shorter than its header'
      : 'its header is not one that Twiceproof writes',
  );
}

export function kindOf(head: number): KindByte {
  return (head & kindBits) as KindByte;
}

/**
 * What kind of outcome the bytes hold. Reads the header only, so it also tells for a compressed or
 * encrypted outcome, and says nothing about whether the rest is intact. Throws `RECORD_CORRUPT`
 * where not even the header can be read.
 */
export function outcomeKind(bytes: Uint8Array, recordId?: string): OutcomeKind {
  return kindNames[kindOf(readHeader(bytes, recordId))]!;
}
