let loaded: typeof import('node:crypto') | undefined;

/**
 * Node's cryptography, loaded when it is first asked for: an import of it takes a cold start as long as one of core.
 *
 * @example
 * ```ts
 * import { nodeCrypto } from '@twiceproof/core/toolkit';
 *
 * export const newName = (): string => nodeCrypto().randomUUID();
 * ```
 */
export function nodeCrypto(): typeof import('node:crypto') {
  loaded ??= process.getBuiltinModule('node:crypto');
  return loaded;
}
