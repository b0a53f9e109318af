import type { Redis } from 'ioredis';
import { expect } from 'vitest';

const ofClients: readonly string[] = ['echo', 'info', 'client', 'hello', 'ping'];

/** What others send to the observer's server meanwhile; commands inside of scripts do not count. */
export async function commandsSent(
  observer: Redis,
  act: () => Promise<unknown>,
): Promise<string[]> {
  const monitor = await observer.monitor();
  const commands: string[] = [];
  monitor.on('monitor', (_time: string, [name]: string[], source: string) => {
    if (source !== 'lua') commands.push(name!.toLowerCase());
  });
  await act();
  await observer.echo('end');
  await expect.poll(() => commands.includes('echo')).toBe(true);
  monitor.disconnect();
  return commands.filter((name) => !ofClients.includes(name));
}
