import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RunningScenario {
  /** `host:port` to scrape. */
  readonly target: string;
  stop(): Promise<void>;
}

/** Runs the shop of the scenario in a process of its own, with so much time between two incidents. */
export async function startScenario(calmMs = 40): Promise<RunningScenario> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, String(calmMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([once(lines, 'line'), ended.then(() => [undefined])]);
  if (first === undefined) throw new Error('the scenario ended before it began');
  const { target } = JSON.parse(String(first)) as { target: string };
  return {
    target,
    async stop() {
      child.stdin.end();
      const [code] = await ended;
      if (code !== 0) throw new Error(`the scenario ended with ${code}`);
    },
  };
}
