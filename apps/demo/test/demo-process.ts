import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A temporary folder for one test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-demo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A state folder whose database is there and empty. */
export async function newState(): Promise<string> {
  const state = join(await tempFolder(), 'state');
  await cp(inject('preparedState'), state, { recursive: true });
  return state;
}

/** For what has nothing to do with the store: SQLite takes a quarter of the processor time of PGlite. */
export async function onSqlite(): Promise<{ state: string; args: string[] }> {
  const state = join(await tempFolder(), 'state');
  return { state, args: ['--state', state, '--store', 'sqlite'] };
}

/** An input file of these lines. */
export async function inputOf(lines: readonly unknown[]): Promise<string> {
  const path = join(await tempFolder(), 'input.ndjson');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(path, `${texts.join('\n')}\n`);
  return path;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DemoProcess {
  /** Waits until the output so far matches. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts the built program. */
export function startDemo(...args: readonly string[]): DemoProcess {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', npm_config_user_agent: '' },
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wake();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true;
      wake();
      resolve({ code, signal, stdout, stderr });
    });
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = pattern.exec(stdout);
          if (!found && !isOver) return;
          waiting.delete(check);
          if (found) resolve(found);
          else reject(new Error(`the demo ended without ${pattern}:\n${stdout}${stderr}`));
        };
        waiting.add(check);
        check();
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs the built program to its end. */
export function runDemo(...args: readonly string[]): Promise<Ended> {
  return startDemo(...args).ended;
}

const columns = ['executed', 'replayed', 'conflicts', 'failed', 'duplicates'] as const;

/** One row of the table at the end. */
export type Row = { readonly keys: number } & Readonly<Record<(typeof columns)[number], number>>;

/** The table at the end, by the name of the row. */
export function tableOf({ stdout, stderr }: Ended): Record<string, Row & { deliveries: number }> {
  const rows: Record<string, Row & { deliveries: number }> = {};
  for (const line of stdout.split('\n')) {
    const found = /^\s+(order|charge|ship|notify)((?:\s+(?:\d+|·)){6,7})$/.exec(line);
    if (!found) continue;
    const cells = found[2]!
      .trim()
      .split(/\s+/)
      .map((cell) => (cell === '·' ? 0 : Number(cell)));
    if (cells.length === 6) cells.unshift(0);
    const [deliveries, keys, executed, replayed, conflicts, failed, duplicates] = cells as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    rows[found[1]!] = { deliveries, keys, executed, replayed, conflicts, failed, duplicates };
  }
  if (Object.keys(rows).length !== 4) throw new Error(`no table in:\n${stdout}${stderr}`);
  return rows;
}

export interface Line {
  readonly phase: 'begin' | 'done';
  readonly effect: string;
  readonly order: string;
  readonly run: number;
  readonly worker: number;
}

/** The ledger, read without the program's own reader. */
export function ledgerOf(state: string): Line[] {
  const text = readFileSync(join(state, 'ledger.ndjson'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** How often each effect was carried out, e.g. `charge ORD-1001 0` → 1. */
export function effectsOf(state: string): Map<string, number> {
  const effects = new Map<string, number>();
  for (const { phase, effect, order, run } of ledgerOf(state)) {
    const name = `${effect} ${order} ${run}`;
    if (phase === 'done') effects.set(name, (effects.get(name) ?? 0) + 1);
  }
  return effects;
}
