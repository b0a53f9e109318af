import { IdempotencyError } from '@twiceproof/core';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import { isPythonFloat } from './python-number.ts';
import { pythonText } from './python-text.ts';
import { typescriptText } from './typescript-text.ts';

/** Which Powertools wrote the records. */
export type Language = 'typescript' | 'python';

/** What Powertools keeps of a key or of a payload. */
export function oldHash(language: Language, hashFunction: string, hashed: unknown): string {
  return language === 'typescript'
    ? nodeCrypto()
        .createHash(hashFunction)
        .update(textOf(typescriptText, hashed ?? null))
        .digest('base64')
    : nodeCrypto()
        .createHash(nameOf(hashFunction))
        .update(textOf(pythonText, hashed))
        .digest('hex');
}

/** Whether Powertools runs a call with this key without idempotency. */
export function hasNoRecord(language: Language, key: unknown): boolean {
  if (key === null || key === undefined) return true;
  if (language === 'typescript') return false;
  if (typeof key !== 'object' || isPythonFloat(key)) return key === '';
  return Object.values(key).every((part) => part === null || part === undefined);
}

function textOf(write: (value: unknown) => string, hashed: unknown): string {
  try {
    return write(hashed);
  } catch (error) {
    if (error instanceof IdempotencyError) throw error;
    const message = 'the old key cannot be written as JSON; give what Powertools hashed';
    throw new IdempotencyError('KEY_UNSUPPORTED', message, { cause: error });
  }
}

/** Python's name of a hash function, as OpenSSL has it. */
function nameOf(python: string): string {
  if (python === 'blake2b') return 'blake2b512';
  if (python === 'blake2s') return 'blake2s256';
  return python.replace(/^sha3_/, 'sha3-');
}

export function checkHashFunction(language: Language, hashFunction: string): void {
  try {
    nodeCrypto().createHash(language === 'python' ? nameOf(hashFunction) : hashFunction);
  } catch (cause) {
    const message = `hashFunction is '${hashFunction}', which this Node does not have; give the one that Powertools was given`;
    throw new IdempotencyError('OPTIONS_INVALID', message, { cause });
  }
}
