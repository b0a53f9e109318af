export {
  type CompressOptions,
  checkCompression,
  compressOutcome,
  decompressOutcome,
} from './compress.ts';
export { type DecodedOutcome, decodeOutcome } from './decode.ts';
export { encodeOmitted, encodeUnlessTooLarge, encodeValue } from './encode.ts';
export { encodeError } from './encode-error.ts';
export { decryptOutcome, encryptOutcome } from './encrypt.ts';
export { errorNote } from './error-note.ts';
export { isPlainValue, outcomeKind } from './header.ts';
export { type EncryptOptions, type Keyring, keyringOf } from './keyring.ts';
export { decodeOffloaded, encodeOffloaded } from './offload.ts';
