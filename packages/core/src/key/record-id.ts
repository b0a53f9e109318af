import type { KeyObject } from 'node:crypto';
import { invalidOption } from '../options/option-checks.ts';
import { isBlank } from '../values/blank-text.ts';
import { encodeCanonical } from './canonical.ts';
import { canonicalText } from './canonical-text.ts';
import { digestOf } from './digest.ts';

const longestNameBytes = 200;

/** What a record id is made of beside the key. */
export interface KeyPrefixParts {
  readonly environment: string;
  readonly operation: string;
  /** 0 for the first execution; 1, 2, … for deliberate repetitions. */
  readonly run: number;
  /** Tenant or principal; 1 and `'1'` are two. */
  readonly scope?: string | number | bigint | undefined;
  readonly digestKey?: KeyObject | undefined;
}

/** The part of all record ids of one operation, run and scope that the key does not change. */
export interface KeyPrefix {
  /** `environment/operation/run/` */
  readonly idPrefix: string;
  /** The hashed text as far as the key. */
  readonly envelopePrefix: string;
  readonly digestKey: KeyObject | undefined;
}

/**
 * Checks and encodes everything but the key, once for many calls of `recordIdOf`.
 *
 * Environment and operation are text of 1 to 200 UTF-8 bytes, the run is a whole number from 0, the
 * scope is text that is not blank, a number within 2^53 - 1 or a bigint. Anything else throws
 * `OPTIONS_INVALID`.
 */
export function keyPrefix(parts: KeyPrefixParts): KeyPrefix {
  const { environment, operation, run, scope, digestKey } = parts;
  checkName(environment, 'environment');
  checkName(operation, 'operation');
  if (!Number.isSafeInteger(run) || run < 0) {
    throw invalidOption('run must be a whole number from 0 to 2^53 - 1; 0 is the first execution');
  }
  const runText = String(run);
  return {
    idPrefix: `${encodeURIComponent(environment)}/${encodeURIComponent(operation)}/${runText}/`,
    envelopePrefix: `twiceproof:1${part('e', environment)}${scopePart(scope)}${part('o', operation)}${part('r', runText)},k:`,
    digestKey,
  };
}

/**
 * The record id of a key: `environment/operation/run/digest`, the same in every process, in every
 * version of Twiceproof that writes `twiceproof:1`, and in other languages (docs/record-id.md).
 *
 * Throws `KEY_UNSUPPORTED` with the path of a value that no key can hold.
 */
export function recordIdOf(prefix: KeyPrefix, key: unknown): string {
  return recordIdOfText(prefix, canonicalText(key, 'key'));
}

/** The record id of a key whose canonical text is known. */
export function recordIdOfText(prefix: KeyPrefix, canonicalKey: string): string {
  return prefix.idPrefix + digestOf(prefix.envelopePrefix, canonicalKey, prefix.digestKey);
}

/** What a record id says by itself. */
export interface RecordIdParts {
  readonly environment: string;
  readonly operation: string;
  readonly run: number;
  readonly digest: string;
}

// 43 characters hold two bits more than a digest has, so the last one is one of sixteen.
const shape = /^([^/]+)\/([^/]+)\/(0|[1-9]\d{0,15})\/([\w-]{42}[AEIMQUYcgkosw048])$/;

/** The parts of a record id; undefined for text that is none, however much it resembles one. */
export function parseRecordId(id: string): RecordIdParts | undefined {
  const match = shape.exec(id);
  if (match === null) return undefined;
  const environment = decodePart(match[1]!);
  const operation = decodePart(match[2]!);
  const run = Number(match[3]);
  if (environment === undefined || operation === undefined || !Number.isSafeInteger(run)) {
    return undefined;
  }
  return { environment, operation, run, digest: match[4]! };
}

/** Undefined unless it is a name, written the one way in which ids have it. */
function decodePart(part: string): string | undefined {
  try {
    const text = decodeURIComponent(part);
    const exact = encodeURIComponent(text) === part && Buffer.byteLength(text) <= longestNameBytes;
    return exact ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A length before each part keeps text from one part from passing for another. */
function part(tag: string, text: string): string {
  return `,${tag}${Buffer.byteLength(text)}:${text}`;
}

function scopePart(scope: unknown): string {
  if (scope === undefined) return ',s-';
  const valid =
    typeof scope === 'string'
      ? !isBlank(scope) && scope.isWellFormed()
      : typeof scope === 'bigint' ||
        (typeof scope === 'number' && Math.abs(scope) <= Number.MAX_SAFE_INTEGER);
  if (!valid) {
    throw invalidOption(
      'scope must be well-formed text that is not blank, a number within 2^53 - 1, or a bigint',
    );
  }
  return part('s', encodeCanonical(scope));
}

function checkName(name: unknown, option: string): asserts name is string {
  if (typeof name !== 'string' || name === '') {
    throw invalidOption(`${option} must be non-empty text`);
  }
  if (!name.isWellFormed()) {
    throw invalidOption(`${option} holds a lone surrogate; give well-formed Unicode text`);
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > longestNameBytes) {
    throw invalidOption(`${option} has ${bytes} bytes; give at most ${longestNameBytes}`);
  }
}
