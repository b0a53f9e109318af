import type { OutputStream } from '../terminal.ts';

/** One line on a terminal that says how far a long action has come; nothing elsewhere. */
export interface Progress {
  update(text: string): void;
  /** Takes the line away. */
  end(): void;
}

// What is over sooner needs no progress, and faster than this nobody reads.
const firstAfterMs = 300;
const againAfterMs = 100;

export function startProgress(
  stream: OutputStream,
  now: () => number = () => performance.now(),
): Progress {
  if (!stream.isTTY) return { update() {}, end() {} };
  let dueAt = now() + firstAfterMs;
  let isShown = false;
  return {
    update(text) {
      if (now() < dueAt) return;
      dueAt = now() + againAfterMs;
      isShown = true;
      stream.write(`\r\u001b[2K${cut(text, (stream.columns ?? 80) - 1)}`);
    },
    end() {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}

/** Progress is said in words of this program, each character of which takes one column. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
