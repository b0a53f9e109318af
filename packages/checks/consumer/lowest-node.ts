import { packages } from '../src/workspace.ts';
import { fetchedProgram } from './fetched-program.ts';

const core = packages.find((each) => each.manifest.name === '@twiceproof/core');
const [lowest] = /\d+\.\d+/.exec(core?.manifest.engines?.node ?? '') ?? [];
if (lowest === undefined) throw new Error('@twiceproof/core does not say which Node it needs');

export const lowestVersion = `${lowest}.0`;

/** The oldest Node that the packages say they support. */
export const lowestNode = (): Promise<string> => nodeOf(lowestVersion);

/** A Node from the registry, by its version or its major. */
export const nodeOf = (version: string): Promise<string> =>
  fetchedProgram(`node@${version}`, 'node/bin/node');
