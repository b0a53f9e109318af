import type { CorrectedClock } from './clock.ts';
import { type CommandContext, spareLogCopies } from './log-copies.ts';

/** The part of a command that lets one look at its answer. */
export interface ObservableCommand {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/** The same, as far as it is used here: the client's own types tell every step apart. */
interface DeserializeStack {
  add(
    middleware: (next: Handler, context: CommandContext) => Handler,
    options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
  ): void;
}

type Handler = (request: unknown) => Promise<unknown>;

/**
 * Teaches the clock from the `Date` header of the command's answer. The middleware belongs to this
 * one command, so the user's client and other commands are left alone. It lies inside the SDK's
 * retries, where each try is timed, and inside the parsing, where refusals still have headers.
 */
export function observeServiceDate(command: ObservableCommand, clock: CorrectedClock): void {
  const stack = command.middlewareStack as unknown as DeserializeStack;
  stack.add(
    (next, context) => {
      // Here, because each further step costs every request as much again.
      spareLogCopies(context);
      return async (request) => {
        const sentAt = clock.monotonic();
        const answer = await next(request);
        const headers = (answer as { response?: { headers?: Record<string, string | undefined> } })
          .response?.headers;
        const date = headers && Date.parse(headers.date ?? headers.Date ?? '');
        if (date !== undefined && !Number.isNaN(date)) {
          clock.observe(date, sentAt, clock.monotonic());
        }
        return answer;
      };
    },
    { step: 'deserialize', priority: 'low', name: 'twiceproofServiceDate' },
  );
}
