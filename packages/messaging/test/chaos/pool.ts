import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Assignment } from './work.ts';

/** Consumer processes, of which one is killed now and then. */
export class Pool {
  readonly killed = new Set<number>();
  readonly #program: string;
  readonly #assignment: Assignment;
  #consumers: ChildProcess[] = [];
  #starting = 0;
  #added: Promise<void> | undefined;
  #kills: Promise<void> | undefined;
  #ending = false;

  /** `client` is the name of a program in `consumers/`. */
  constructor(client: string, assignment: Assignment) {
    this.#program = join(import.meta.dirname, 'consumers', `${client}.ts`);
    this.#assignment = assignment;
  }

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#add()));
  }

  /** Kills the oldest consumer at every interval, and starts another, until told to stop. */
  killEvery(ms: number): void {
    this.#kills = (async () => {
      for (;;) {
        await delay(ms);
        if (this.#ending) return;
        // A machine that is too busy to start another in time would soon have none.
        if (this.#starting > 0) continue;
        const oldest = this.#consumers.shift();
        if (oldest?.pid === undefined) return;
        const exited = once(oldest, 'exit');
        oldest.kill('SIGKILL');
        await exited;
        this.killed.add(oldest.pid);
        this.#added = this.#add();
      }
    })();
  }

  async stopKilling(): Promise<void> {
    this.#ending = true;
    await this.#kills;
    await this.#added;
  }

  /** Tells all to end, and waits until they have. */
  async drain(): Promise<(number | null)[]> {
    const ended = this.#consumers.splice(0).map(async (consumer) => {
      const exited = once(consumer, 'exit');
      consumer.kill('SIGTERM');
      const [code] = await exited;
      return code as number | null;
    });
    return Promise.all(ended);
  }

  /** Ends whatever is left. */
  async destroy(): Promise<void> {
    this.#ending = true;
    for (const consumer of this.#consumers) consumer.kill('SIGKILL');
    await this.#kills;
    for (const consumer of this.#consumers) consumer.kill('SIGKILL');
  }

  async #add(): Promise<void> {
    const consumer = fork(this.#program, [JSON.stringify(this.#assignment)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#consumers.push(consumer);
    this.#starting += 1;
    await Promise.race([once(consumer, 'message'), once(consumer, 'exit')]);
    this.#starting -= 1;
  }
}
