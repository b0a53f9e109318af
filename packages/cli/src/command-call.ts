import type { Command } from 'commander';
import { type ExitCode, exitCodes, usage } from './failure.ts';
import { type Progress, startProgress } from './output/progress.ts';
import { type Screen, screenOf } from './output/screen.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command has. */
interface GlobalOptions {
  readonly store?: string | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly color?: 'auto' | 'always' | 'never' | false | undefined;
  readonly debug?: boolean | undefined;
}

/** One call of a command. */
export interface Call<Options> {
  readonly options: Options & GlobalOptions;
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly progress: Progress;
  /** Opens the store; it is closed when the command is over. */
  open(options?: { readonly connections?: number }): Promise<Session>;
}

/** Runs commands, and keeps the exit code of the one that ran. */
export interface Runner {
  readonly terminal: Terminal;
  /** An action for commander. */
  action<Options, Args extends readonly unknown[]>(
    run: (call: Call<Options>, ...args: Args) => Promise<ExitCode | undefined>,
  ): (this: Command, ...args: unknown[]) => Promise<void>;
  exitCode(): ExitCode;
}

export function createRunner(terminal: Terminal): Runner {
  let exitCode: ExitCode = exitCodes.done;
  return {
    terminal,
    exitCode: () => exitCode,
    action(run) {
      return async function (this: Command) {
        const options = this.optsWithGlobals<GlobalOptions>();
        const screen = screenOf(terminal, options);
        const progress = startProgress(terminal.stderr);
        let session: Session | undefined;
        const call = {
          options,
          terminal,
          screen,
          progress,
          async open({ connections }: { readonly connections?: number } = {}) {
            const { store, config } = options;
            if (store !== undefined && config !== undefined) {
              throw usage('--store and --config contradict each other; give one');
            }
            const { openSession } = await import('./session.ts');
            session = await openSession({ store, config, cwd: terminal.cwd, connections });
            return session;
          },
        };
        try {
          const code = await run(call as never, ...(this.processedArgs as never));
          exitCode = code ?? exitCodes.done;
        } catch (error) {
          progress.end();
          const { failureOf } = await import('./failure-text.ts');
          throw failureOf(error, session?.label);
        } finally {
          progress.end();
          await session?.close();
        }
      };
    },
  };
}
