import { stripVTControlCharacters, styleText } from 'node:util';

/** Where a run stands. */
export interface Standing {
  readonly settled: number;
  readonly deliveries: number;
  readonly executed: number;
  readonly replayed: number;
  readonly conflicts: number;
  readonly failed: number;
}

export interface Progress {
  update(standing: Standing): void;
  /** A line that stays, above the progress line. */
  note(text: string): void;
  /** Leaves the last standing on the screen. */
  end(): void;
}

const barWidth = 10;
const frameMs = 80;

/** One line that is rewritten on a terminal; elsewhere a line for every tenth of the work. */
export function progressOn(out: NodeJS.WriteStream, now: () => number): Progress {
  return out.isTTY ? rewrittenLine(out, now) : sparseLines(out, now);
}

function rewrittenLine(out: NodeJS.WriteStream, now: () => number): Progress {
  const startedAt = now();
  let standing: Standing | undefined;
  let drawnAt = -Infinity;
  const draw = (): void => {
    if (!standing) return;
    drawnAt = now();
    const line = `  ${bar(standing)} ${words(standing)}`;
    const timed = `${line}  ${dim(seconds(now() - startedAt))}`;
    // A line that is wrapped could not be rewritten.
    const fitting = [timed, line, `  ${count(standing)}`].find(
      (text) => stripVTControlCharacters(text).length < (out.columns || 80),
    );
    out.write(`\r\x1b[2K${fitting ?? ''}`);
  };
  return {
    update(latest) {
      standing = latest;
      if (now() - drawnAt >= frameMs) draw();
    },
    note(text) {
      out.write(`\r\x1b[2K${text}\n`);
      draw();
    },
    end() {
      draw();
      if (standing) out.write('\n');
    },
  };
}

function sparseLines(out: NodeJS.WriteStream, now: () => number): Progress {
  const startedAt = now();
  let standing: Standing | undefined;
  let printed = -Infinity;
  const print = (): void => {
    if (!standing || printed === standing.settled) return;
    printed = standing.settled;
    out.write(`  ${words(standing)}  ${seconds(now() - startedAt)}\n`);
  };
  return {
    update(latest) {
      standing = latest;
      if (latest.settled - printed >= latest.deliveries / 10) print();
    },
    note: (text) => void out.write(`${text}\n`),
    end: print,
  };
}

function bar({ settled, deliveries }: Standing): string {
  const full = deliveries === 0 ? barWidth : Math.floor((settled / deliveries) * barWidth);
  return `${styleText('green', '━'.repeat(full))}${dim('━'.repeat(barWidth - full))}`;
}

function words(standing: Standing): string {
  const { executed, replayed, conflicts, failed } = standing;
  const parts = [count(standing)];
  if (executed > 0) parts.push(`${executed} executed`);
  if (replayed > 0) parts.push(`${replayed} replayed`);
  if (conflicts > 0) parts.push(`${conflicts} conflicts`);
  if (failed > 0) parts.push(styleText('red', `${failed} failed`));
  return parts.join('  ');
}

function count({ settled, deliveries }: Standing): string {
  return `${settled}/${deliveries}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function dim(text: string): string {
  return styleText('dim', text);
}
