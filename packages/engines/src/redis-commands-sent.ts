import type { Redis } from 'ioredis';
import { until } from './until.ts';

const ofClients: readonly string[] = ['echo', 'info', 'client', 'hello', 'ping'];

/** What others send to the observer's server meanwhile; commands inside of scripts do not count. */
export async function commandsSent(
  observer: Redis,
  act: () => Promise<unknown>,
): Promise<string[]> {
  // One of its own: what was sent before is not told to it, however late it is told to others.
  const monitor = await observer.monitor();
  const commands: string[] = [];
  monitor.on('monitor', (_time: string, [name]: string[], source: string) => {
    if (source !== 'lua') commands.push(name!.toLowerCase());
  });
  try {
    await act();
    await observer.echo('end');
    await until('the last command is told', async () => commands.includes('echo'));
  } finally {
    monitor.disconnect();
  }
  return commands.filter((name) => !ofClients.includes(name));
}
