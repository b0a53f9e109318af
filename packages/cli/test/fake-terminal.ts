import { PassThrough } from 'node:stream';
import { main } from '../src/main.ts';
import type { Terminal } from '../src/terminal.ts';

export interface FakeTerminal {
  readonly terminal: Terminal;
  /** What is on the screen so far. */
  stdout(): string;
  stderr(): string;
  /** What the operator types, once something was asked. */
  answer(text: string): Promise<void>;
  /** Ctrl-D. */
  endInput(): void;
  /** Ctrl-C. */
  interrupt(): void;
  run(...args: readonly string[]): Promise<number>;
}

export interface FakeTerminalOptions {
  readonly columns?: number;
  readonly hasColors?: boolean;
  /** Presses Ctrl-C as soon as somebody listens for it. */
  readonly isImpatient?: boolean;
}

/** A terminal with somebody in front of it. */
export function fakeTerminal(options: FakeTerminalOptions = {}): FakeTerminal {
  const { columns = 80, hasColors = false, isImpatient = false } = options;
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const asked = Promise.withResolvers<void>();
  const interrupts = new Set<() => void>();
  const texts = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: true,
    columns,
    hasColors: () => hasColors,
    write(text: string) {
      texts[name] += text;
      if (text.endsWith('[y/N] ')) asked.resolve();
    },
  });
  const terminal: Terminal = {
    stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    cwd: import.meta.dirname,
    user: 'tester',
    onInterrupt(listener) {
      interrupts.add(listener);
      if (isImpatient) listener();
      return () => interrupts.delete(listener);
    },
  };
  return {
    terminal,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    async answer(text) {
      await asked.promise;
      stdin.write(`${text}\n`);
    },
    endInput: () => stdin.end(),
    interrupt() {
      for (const listener of interrupts) listener();
    },
    run: (...args) => main(args, terminal),
  };
}
