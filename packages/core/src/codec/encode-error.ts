import { isIdempotencyError } from '../errors.ts';
import { kinds } from '../node-modules.ts';
import type { ErrorNote } from '../store.ts';
import { clipText } from '../values/clip-text.ts';
import { builtinClassOf } from './error-classes.ts';
import { errorNote, textOf } from './error-note.ts';
import { escapeText, escapeValue } from './escape.ts';
import { codecOf } from './escape-typed.ts';
import { KIND } from './header.ts';
import { MAX_ERROR_BYTES, MAX_ERROR_DEPTH } from './limits.ts';
import { packedBytes, writeOutcome } from './msgpack.ts';
import type { Types } from './type-codec.ts';
import { newWalk, spend, type Walk } from './walk.ts';

/** A part of an error: a plain value, or another error. */
type Slot = { readonly value: unknown } | { readonly error: ErrorBody };

/** How an error stands in the body of an outcome. */
interface ErrorBody {
  /** The built-in class to revive it as, or `IdempotencyError`. */
  class: string;
  /** Where it is not the one that the class gives. */
  name?: unknown;
  message?: unknown;
  /** Where it is no own enumerable property. */
  code?: Slot;
  cause?: Slot;
  errors?: Slot[];
  /** [key, slot, key, slot, …] of the own enumerable properties. */
  props?: unknown[];
}

const maxNameBytes = 1024;
const maxMessageBytes = 16 * 1024;

/** More than the names of the fields of an error, or of a slot, and their lengths take. */
const errorFrameBytes = 128;
const slotFrameBytes = 16;

/** Longer keys are left out with their values. */
const maxKeyBytes = 256;

/**
 * The outcome bytes of a recorded failure, at most 64 KiB, and what operators see of it. Records
 * name, message, code, own enumerable properties, cause and errors, as far as they are plain data
 * and fit; never the stack. Anything thrown that is no Error is recorded as it is, or if that
 * cannot be, as an Error with its name and message. An error that has a codec is recorded by it.
 * Never throws.
 */
export function encodeError(error: unknown, types?: Types): { bytes: Uint8Array; note: ErrorNote } {
  const note = errorNote(error);
  for (const form of [valueBytes, errorBytes]) {
    try {
      const bytes = form(error, newWalk(MAX_ERROR_BYTES, types));
      if (bytes !== undefined && bytes.length <= MAX_ERROR_BYTES) return { bytes, note };
    } catch {
      // What cannot be recorded as it is, is recorded by its name and message.
    }
  }
  const body: ErrorBody = { class: 'Error', ...note };
  return { bytes: writeOutcome(KIND.error, body, { tagged: false, binaries: 0 }), note };
}

function isError(value: unknown): value is Error {
  return kinds.isNativeError(value) || value instanceof Error;
}

/** What has a codec, and what is no error, as any other value; undefined for other errors. */
function valueBytes(error: unknown, walk: Walk): Uint8Array | undefined {
  if (isError(error) && !hasCodec(error, walk.types)) return undefined;
  return writeOutcome(KIND.thrown, escapeValue(error, walk, 0), walk);
}

function errorBytes(error: unknown, walk: Walk): Uint8Array | undefined {
  return isError(error) ? writeOutcome(KIND.error, escapeError(error, walk, []), walk) : undefined;
}

function hasCodec(error: Error, types: Types | undefined): boolean {
  try {
    return types !== undefined && codecOf(error, types.codecs) !== undefined;
  } catch {
    return false;
  }
}

function escapeError(error: Error, walk: Walk, ancestors: readonly Error[]): ErrorBody {
  spend(walk, errorFrameBytes);
  const family = [...ancestors, error];
  const body: ErrorBody = {
    class: isIdempotencyError(error) ? 'IdempotencyError' : builtinClassOf(error),
  };
  const name = textOf(error, 'name');
  if (name !== undefined && name !== body.class)
    body.name = escapeShort(clipped(name, maxNameBytes), walk);
  const message = textOf(error, 'message');
  if (message !== undefined && (message !== '' || Object.hasOwn(error, 'message'))) {
    body.message = escapeShort(clipped(message, maxMessageBytes), walk);
  }
  const keys = Object.keys(error);
  // The code before anything that could take all the room: it tells errors apart.
  const props = escapeProperties(error, keys.includes('code') ? ['code'] : [], walk, family);
  for (const field of ['code', 'cause'] as const) {
    if (!hasField(error, field)) continue;
    const slot = escapeSlot(error, field, walk, family);
    if (slot !== undefined) body[field] = slot;
  }
  if (error instanceof AggregateError) {
    body.errors = escapeErrors(error.errors, walk, family);
  }
  const others = keys.filter((key) => key !== 'code');
  props.push(...escapeProperties(error, others, walk, family));
  if (props.length > 0) body.props = props;
  return body;
}

/** Tells whether a code or cause is there that is not among the own enumerable properties. */
function hasField(error: Error, field: 'code' | 'cause'): boolean {
  if (Object.prototype.propertyIsEnumerable.call(error, field)) return false;
  return field === 'cause' ? Object.hasOwn(error, field) : field in error;
}

function escapeErrors(parts: unknown, walk: Walk, family: readonly Error[]): Slot[] {
  const slots: Slot[] = [];
  if (!Array.isArray(parts)) return slots;
  for (let index = 0; index < parts.length && walk.room > slotFrameBytes; index++) {
    const slot = escapeSlot(parts, index, walk, family);
    if (slot !== undefined) slots.push(slot);
  }
  return slots;
}

function escapeProperties(
  error: Error,
  keys: readonly string[],
  walk: Walk,
  family: readonly Error[],
): unknown[] {
  const props: unknown[] = [];
  for (const key of keys) {
    if (key === 'message' || key === 'stack' || key.length > maxKeyBytes) continue;
    if (key === 'errors' && error instanceof AggregateError) continue;
    // The stack shows the name, and would throw when a name cannot be shown.
    if (key === 'name' && textOf(error, key) === undefined) continue;
    if (6 * key.length + slotFrameBytes > walk.room) continue;
    const room = walk.room;
    const name = escapeShort(key, walk);
    const slot = escapeSlot(error, key, walk, family);
    if (slot === undefined) walk.room = room;
    else props.push(name, slot);
  }
  return props;
}

/** Undefined for a part that cannot be read or recorded, or that does not fit any more. */
function escapeSlot(
  container: object,
  key: string | number,
  walk: Walk,
  family: readonly Error[],
): Slot | undefined {
  try {
    const value = (container as Record<string | number, unknown>)[key];
    if (!isError(value)) return valueSlot(value, walk);
    if (hasCodec(value, walk.types)) {
      try {
        return valueSlot(value, walk);
      } catch {
        // Its codec failed: it is recorded as any other error.
      }
    }
    if (family.includes(value) || family.length > MAX_ERROR_DEPTH) return undefined;
    // Not all of what is left, so that what comes behind a large cause still finds room.
    const part = newWalk(Math.floor(((walk.room - slotFrameBytes) * 3) / 4), walk.types);
    return kept({ error: escapeError(value, part, family) }, part, walk);
  } catch {
    return undefined;
  }
}

function valueSlot(value: unknown, walk: Walk): Slot {
  const part = newWalk(walk.room - slotFrameBytes, walk.types);
  return kept({ value: escapeValue(value, part, 0) }, part, walk);
}

function escapeShort(text: string, walk: Walk): unknown {
  const part = newWalk(walk.room, undefined);
  return kept(escapeText(text, part), part, walk);
}

/** Takes the exact size of a part off the room, where its own walk took a lower bound. */
function kept<Escaped>(escaped: Escaped, part: Walk, walk: Walk): Escaped {
  spend(walk, packedBytes(escaped));
  walk.tagged ||= part.tagged;
  walk.binaries += part.binaries;
  return escaped;
}

function clipped(text: string, maxBytes: number): string {
  return Buffer.byteLength(text) <= maxBytes ? text : clipText(text, maxBytes);
}
