/** The lines of SDKs that are alive, by the arguments of Node with which a program gets them. */
export const sdkLines: readonly (readonly [name: string, nodeArgs: readonly string[]])[] = [
  ['SDK 2', ['--import', new URL('./programs/old-line.ts', import.meta.url).href]],
  ['SDK 3', []],
];
