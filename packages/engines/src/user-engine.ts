import type { ServerProcess } from './server-process.ts';

/** The handles of an engine that belongs to the user: it is neither stopped nor disturbed. */
export function userEngine(name: string, variable: string): Omit<ServerProcess, 'port'> {
  const refuse = (): never => {
    throw new Error(
      `${name} is the one of ${variable}, which is not ours to disturb: ask for one of our own with { own: true }`,
    );
  };
  return {
    get pid() {
      return refuse();
    },
    pause: refuse,
    resume: refuse,
    kill: async () => refuse(),
    restart: async () => refuse(),
    stop: async () => {},
  };
}
