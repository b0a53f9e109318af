import { Packr } from 'msgpackr/pack';
import { Malformed } from './corrupt.ts';
import { HEADER_BYTES, type KindByte, OUTCOME_FORMAT, TAGGED } from './header.ts';
import { MAX_OUTCOME_BYTES } from './limits.ts';
import { scan } from './scan.ts';
import { TooLarge } from './walk.ts';

let made: Packr | undefined;

/** Made when it is first needed: it takes longer than all else that is made when this package is imported. */
function packr(): Packr {
  made ??= new Packr({
    useRecords: false,
    variableMapSize: true,
    useToJSON: false,
    mapsAsObjects: true,
    copyBuffers: true,
  });
  return made;
}

/** msgpackr's flags for leaving room in front of what it writes, of which the low bits say how much, and for answering
 * all of its memory in place of a view of what it wrote. */
const reserveStart = 2048;
const answerSlab = 512;

/** What msgpackr writes into, and where in it the latest result is. */
type Slab = Buffer & { readonly start: number; readonly end: number };

const slabBytes = 8 * 1024;
const largestSharedSlab = 64 * 1024;

/**
 * Header and body of an outcome. The body is msgpack of `body`, which must be escaped already and
 * hold `binaries` (the sum over all of them of their bytes plus one). Throws {@link Malformed} if
 * that is not what came out: a getter that changed its mind, or an extension that the process gave
 * to msgpackr. What is written can be read.
 */
export function writeOutcome(
  kind: KindByte,
  body: unknown,
  { tagged, binaries }: { readonly tagged: boolean; readonly binaries: number },
): Uint8Array {
  const bytes = own(packr().pack(body, answerSlab | reserveStart | HEADER_BYTES) as Slab);
  bytes[0] = OUTCOME_FORMAT;
  bytes[1] = kind | (tagged ? TAGGED : 0);
  if (bytes.length > MAX_OUTCOME_BYTES) {
    throw new TooLarge('too large to be recorded', 'return less of it');
  }
  if (scan(bytes, HEADER_BYTES) !== binaries) throw new Malformed('its binary data was changed');
  return bytes;
}

/** Bytes that an escaped value takes. */
export function packedBytes(escaped: unknown): number {
  return packr().pack(escaped).length;
}

/** The body of an outcome as it was escaped. Throws {@link Malformed}. */
export function readBody(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_OUTCOME_BYTES) throw new Malformed('it is too large');
  scan(bytes, HEADER_BYTES);
  // A view of our own: msgpackr leaves a property on what it reads, and copies binaries into the
  // class of what it reads, which must not be Buffer.
  const length = bytes.byteLength - HEADER_BYTES;
  if (length > desk.length) {
    return packr().unpack(new Uint8Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES, length));
  }
  for (let at = 0; at < length; at++) desk[at] = bytes[HEADER_BYTES + at]!;
  return packr().unpack(desk, length);
}

/** Small bodies are read from here: a view for each, and what msgpackr leaves on it, take as long as reading
 * does. Nothing that is read shares it, binaries are copied. */
const desk = new Uint8Array(512);

/**
 * msgpackr writes many results into one slab and makes it larger for a large one. A small slab may
 * stay shared; a large one would be kept alive by the smallest result in it, so it is left behind.
 */
function own(slab: Slab): Uint8Array {
  const { buffer, byteOffset, start, end } = slab;
  const bytes = new Uint8Array(buffer, byteOffset + start, end - start);
  if (buffer.byteLength <= largestSharedSlab) return bytes;
  packr().useBuffer(Buffer.allocUnsafeSlow(slabBytes));
  return new Uint8Array(bytes);
}
