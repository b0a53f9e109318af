const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

// One Ctrl-C may come twice: from the terminal, and from a package manager that passes it on.
const sameKeystrokeMs = 300;

/** What asks the program to stop. */
export interface StopSignals {
  /** Aborted by the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
  /** The exit code of a program that was asked to stop. */
  exitCode(): number | undefined;
}

/** The first signal asks for an orderly stop; the next one does not wait for that. */
export function stopOnSignals(): StopSignals {
  const stop = new AbortController();
  let code: number | undefined;
  let askedAt = 0;
  for (const [name, exitCode] of Object.entries(exitCodes)) {
    process.on(name, () => {
      if (!stop.signal.aborted) {
        askedAt = performance.now();
        code = exitCode;
        stop.abort(name);
      } else if (performance.now() - askedAt > sameKeystrokeMs) {
        process.exit(exitCode);
      }
    });
  }
  return { signal: stop.signal, exitCode: () => code };
}
