import { checkNames, invalidOption, shown } from '../options/option-checks.ts';
import { Malformed, recordCorrupt } from './corrupt.ts';
import { COMPRESSED, ENCRYPTED, HEADER_BYTES, readHeader } from './header.ts';
import { MAX_OUTCOME_BYTES } from './limits.ts';

export type CompressionAlgorithm = 'zstd' | 'gzip';

/** How outcomes are compressed; one of the options of an idempotency. */
export interface CompressOptions {
  /** `'zstd'` needs Node 22.15 or newer, wherever the record is read; `'gzip'` runs everywhere.
   * Default: the better one that this Node has, which is zstd from Node 22.15 on. */
  readonly algorithm?: CompressionAlgorithm | undefined;
  /** Bytes from which an outcome is compressed. 1024 unless told otherwise. */
  readonly threshold?: number | undefined;
}

export interface Compression {
  readonly algorithm: CompressionAlgorithm;
  readonly threshold: number;
}

/** Behind the header: which algorithm, how long the body was, and what became of it. */
const algorithmBytes = { gzip: 1, zstd: 2 } as const;
const prefixBytes = 5;

// Only who compresses pays for loading it.
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

/** Checks the option and fills in its defaults. Throws `OPTIONS_INVALID`. */
export function checkCompression(
  option: true | CompressionAlgorithm | CompressOptions,
): Compression {
  const options = optionsOf(option);
  checkNames(options, ['algorithm', 'threshold'], 'compress');
  const { algorithm = hasZstd() ? 'zstd' : 'gzip', threshold = 1024 } = options;
  if (!Object.hasOwn(algorithmBytes, algorithm)) {
    throw invalidOption(`compress.algorithm is ${shown(algorithm)}; give 'zstd' or 'gzip'`);
  }
  if (algorithm === 'zstd' && !hasZstd()) {
    throw invalidOption(
      "compress.algorithm 'zstd' needs Node 22.15 or newer; give 'gzip', or update Node",
    );
  }
  if (!Number.isSafeInteger(threshold) || threshold < 0) {
    throw invalidOption(
      `compress.threshold is ${shown(threshold)}; give a number of bytes, e.g. 1024`,
    );
  }
  return { algorithm, threshold };
}

function optionsOf(option: true | CompressionAlgorithm | CompressOptions): CompressOptions {
  if (option === true) return {};
  if (option === 'zstd' || option === 'gzip') return { algorithm: option };
  if (typeof option === 'object') return option;
  throw invalidOption(
    `compress is ${shown(option)}; give true, 'zstd', 'gzip', or { algorithm, threshold }`,
  );
}

/** The outcome compressed, or itself where it is below the threshold or would not become smaller. */
export function compressOutcome(bytes: Uint8Array, compression: Compression): Uint8Array {
  const head = readHeader(bytes, undefined);
  if (bytes.length < compression.threshold || (head & (COMPRESSED | ENCRYPTED)) !== 0) return bytes;
  const { algorithm } = compression;
  const body = bytes.subarray(HEADER_BYTES);
  const packed = algorithm === 'gzip' ? zlib().gzipSync(body) : zstd(body);
  const start = HEADER_BYTES + prefixBytes;
  if (start + packed.length >= bytes.length) return bytes;
  const compressed = new Uint8Array(start + packed.length);
  compressed[0] = bytes[0]!;
  compressed[1] = head | COMPRESSED;
  compressed[2] = algorithmBytes[algorithm];
  new DataView(compressed.buffer).setUint32(3, body.length);
  compressed.set(packed, start);
  return compressed;
}

/**
 * The outcome as it was before {@link compressOutcome}; one that is not compressed, or encrypted on
 * top, is answered as it is. Never makes more of it than it says it was, nor more than 64 MiB.
 * Throws `RECORD_CORRUPT`.
 */
export function decompressOutcome(bytes: Uint8Array, recordId: string): Uint8Array {
  const head = readHeader(bytes, recordId);
  if ((head & COMPRESSED) === 0) return bytes;
  if ((head & ENCRYPTED) !== 0) return bytes;
  try {
    const body = decompress(bytes);
    const outcome = new Uint8Array(HEADER_BYTES + body.length);
    outcome[0] = bytes[0]!;
    outcome[1] = head & ~COMPRESSED;
    outcome.set(body, HEADER_BYTES);
    return outcome;
  } catch (error) {
    throw recordCorrupt(recordId, error);
  }
}

function decompress(bytes: Uint8Array): Uint8Array {
  const start = HEADER_BYTES + prefixBytes;
  if (bytes.length < start) throw new Malformed('it is truncated');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(3);
  if (length === 0 || length > MAX_OUTCOME_BYTES) {
    throw new Malformed('it claims a length that Twiceproof does not write');
  }
  const packed = bytes.subarray(start);
  const body = inflate(bytes[2]!, packed, length);
  if (body.length !== length) throw new Malformed('it decompresses to another length');
  return body;
}

function inflate(algorithm: number, packed: Uint8Array, maxOutputLength: number): Uint8Array {
  if (algorithm === algorithmBytes.gzip) return zlib().gunzipSync(packed, { maxOutputLength });
  if (algorithm !== algorithmBytes.zstd) throw new Malformed('its compression is unknown');
  if (!hasZstd())
    throw new Malformed('it is compressed with zstd', 'read it with Node 22.15 or newer');
  return zlib().zstdDecompressSync(packed, { maxOutputLength });
}

function zstd(body: Uint8Array): Uint8Array {
  const { constants, zstdCompressSync } = zlib();
  return zstdCompressSync(body, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}

function hasZstd(): boolean {
  return typeof (zlib() as Partial<typeof import('node:zlib')>).zstdCompressSync === 'function';
}
