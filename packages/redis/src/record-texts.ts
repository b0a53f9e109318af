import type { ErrorNote, SettledBy, StoredRecord } from '@twiceproof/core';
import { originOf } from './record-origin.ts';

/**
 * The parts of a record that the scripts carry along unread: each a letter, its length in UTF-16 units, a
 * semicolon and the text. Counting units instead of bytes is what lets a claim be one plain string.
 */

type Work = Pick<
  StoredRecord,
  | 'id'
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

/** The format version that is not written down. */
const plainVersion = 1;

/** What a claim says about the work, but for what its id says already. */
export function encodeWork(work: Work): string {
  const { environment, operation, run, formatVersion } = work;
  const { scope, keyPreview, inputPreview, traceparent, workflow, inputDigest } = work;
  const origin = originOf(work.id);
  const isOfId =
    origin?.environment === environment && origin.operation === operation && origin.run === run;
  let text = isOfId ? '' : part('e', environment) + part('o', operation) + part('r', String(run));
  if (formatVersion !== plainVersion) text += part('v', String(formatVersion));
  if (scope !== undefined) text += part('s', scope);
  if (keyPreview !== undefined) text += part('k', keyPreview);
  if (inputPreview !== undefined) text += part('i', inputPreview);
  if (traceparent !== undefined) text += part('t', traceparent);
  if (workflow !== undefined) text += part('w', workflow);
  if (inputDigest !== undefined) text += part('d', inputDigest);
  return text;
}

/** What a settlement adds to it. */
export interface Note {
  readonly traceparent?: string | undefined;
  readonly lastError?: ErrorNote | undefined;
  readonly settledBy?: SettledBy | undefined;
}

export function encodeNote({ traceparent, lastError, settledBy }: Note): string {
  let text = '';
  if (traceparent !== undefined) text += part('t', traceparent);
  if (lastError !== undefined) text += part('n', lastError.name) + part('m', lastError.message);
  if (settledBy === undefined) return text;
  text += part('b', settledBy.by);
  return settledBy.reason === undefined ? text : text + part('y', settledBy.reason);
}

function part(letter: string, text: string): string {
  return `${letter}${text.length};${text}`;
}

type Texts = Omit<Work, 'id'> & Note;

/** What {@link encodeWork} wrote, and {@link encodeNote} behind it. Undefined if it is something else.
 * Letters of later versions are passed over. */
export function decodeTexts(text: string, id: string): Texts | undefined {
  const origin = originOf(id);
  let { environment, operation, run } = origin ?? nowhere;
  let formatVersion = plainVersion;
  let scope: string | undefined;
  let keyPreview: string | undefined;
  let inputPreview: string | undefined;
  let traceparent: string | undefined;
  let workflow: string | undefined;
  let inputDigest: string | undefined;
  let name: string | undefined;
  let message: string | undefined;
  let by: string | undefined;
  let reason: string | undefined;
  for (let at = 0; at < text.length; ) {
    const letter = text.charCodeAt(at);
    if (letter < firstLetter || letter > lastLetter) return undefined;
    let length = 0;
    let from = at + 1;
    for (; ; from += 1) {
      const digit = text.charCodeAt(from) - zero;
      if (!(digit >= 0 && digit <= 9)) break;
      length = length * 10 + digit;
    }
    const isWhole = from > at + 1 && text.charCodeAt(from) === semicolon;
    at = from + 1 + length;
    if (!isWhole || at > text.length) return undefined;
    const found = text.slice(from + 1, at);
    switch (letter) {
      case letters.e:
        environment = found;
        break;
      case letters.o:
        operation = found;
        break;
      case letters.r:
        run = Number(found);
        break;
      case letters.v:
        formatVersion = Number(found);
        break;
      case letters.s:
        scope = found;
        break;
      case letters.k:
        keyPreview = found;
        break;
      case letters.i:
        inputPreview = found;
        break;
      case letters.t:
        traceparent = found;
        break;
      case letters.w:
        workflow = found;
        break;
      case letters.d:
        inputDigest = found;
        break;
      case letters.n:
        name = found;
        break;
      case letters.m:
        message = found;
        break;
      case letters.b:
        by = found;
        break;
      case letters.y:
        reason = found;
        break;
    }
  }
  if (environment === undefined || operation === undefined) return undefined;
  if (run === undefined || Number.isNaN(run) || Number.isNaN(formatVersion)) return undefined;
  const hasError = name !== undefined && message !== undefined;
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
    lastError: hasError ? { name: name!, message: message! } : undefined,
    settledBy: by === undefined ? undefined : { by, reason },
  };
}

const nowhere: Partial<Pick<Work, 'environment' | 'operation' | 'run'>> = {};
const zero = '0'.charCodeAt(0);
const semicolon = ';'.charCodeAt(0);
const firstLetter = 'a'.charCodeAt(0);
const lastLetter = 'z'.charCodeAt(0);
const letters = {
  e: 'e'.charCodeAt(0),
  o: 'o'.charCodeAt(0),
  r: 'r'.charCodeAt(0),
  v: 'v'.charCodeAt(0),
  s: 's'.charCodeAt(0),
  k: 'k'.charCodeAt(0),
  i: 'i'.charCodeAt(0),
  t: 't'.charCodeAt(0),
  w: 'w'.charCodeAt(0),
  d: 'd'.charCodeAt(0),
  n: 'n'.charCodeAt(0),
  m: 'm'.charCodeAt(0),
  b: 'b'.charCodeAt(0),
  y: 'y'.charCodeAt(0),
} as const;
