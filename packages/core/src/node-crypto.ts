let loaded: typeof import('node:crypto') | undefined;

/** Node's cryptography, loaded when it is first needed: importing it costs a cold start more than all of core. */
export function nodeCrypto(): typeof import('node:crypto') {
  loaded ??= process.getBuiltinModule('node:crypto');
  return loaded;
}
