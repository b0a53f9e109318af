import type { Store } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import type { Screen } from '../output/screen.ts';
import { visibleText } from '../output/visible-text.ts';

/** Something that is wrong with the store. */
interface Finding {
  readonly code: string;
  readonly message: string;
  readonly server?: string | undefined;
}

interface Report {
  readonly problems: readonly Finding[];
  readonly clockOffsetMs?: number;
}

/** What the stores have that can look at their own configuration. */
interface Verifier {
  verify(): Promise<readonly Finding[] | Report>;
}

export function configureVerify(command: Command, runner: Runner): void {
  command
    .description('Look for settings of the store that endanger records. Changes nothing.')
    .action(runner.action(verify));
}

async function verify(call: Call<unknown>): Promise<ExitCode> {
  const { screen } = call;
  const { store, label, clockOffsetMs: askClock } = await call.open();
  if (!canVerify(store) && store.name !== 'memory') {
    const message = `store '${store.name}' cannot verify itself; give the store that keeps the records, with --store`;
    throw new Failure(exitCodes.refused, message);
  }
  const report = canVerify(store) ? reportOf(await store.verify()) : { problems: [] };
  const { problems, clockOffsetMs = await askClock?.() } = report;
  if (screen.isJson) {
    const findings = problems.map(({ code, server, message }) => ({ code, server, message }));
    const ok = problems.length === 0;
    screen.printJson({ store: store.name, label, ok, problems: findings, clockOffsetMs });
  } else {
    print(label, store.name, problems, clockOffsetMs, screen);
  }
  return problems.length === 0 ? exitCodes.done : exitCodes.refused;
}

function print(
  label: string,
  name: string,
  problems: readonly Finding[],
  clockOffsetMs: number | undefined,
  { paint, print }: Screen,
): void {
  print(paint('bold', label));
  for (const { code, server, message } of problems) {
    const title = server === undefined ? code.toLowerCase() : `${code.toLowerCase()} on ${server}`;
    print(`${paint('red', '✗')} ${paint('yellow', title)}\n  ${visibleText(message)}`);
  }
  if (problems.length === 0) {
    print(`${paint('green', '✓')} ${lookedAt[name] ?? 'its configuration'}`);
  }
  if (clockOffsetMs !== undefined) print(paint('dim', `  clock ${clockText(clockOffsetMs)}`));
}

function reportOf(answer: readonly Finding[] | Report): Report {
  return 'problems' in answer ? answer : { problems: answer };
}

function canVerify(store: Store): store is Store & Verifier {
  return typeof (store as Partial<Verifier>).verify === 'function';
}

const lookedAt: Readonly<Record<string, string>> = {
  redis: 'version, eviction, persistence, replicas',
  dynamodb: 'table, keys, time to live, index, clock',
  mysql: 'durability, isolation, packets, table, clock',
  postgres: 'version, isolation, durability, table, indexes, rights, sweep, clock',
  sqlite: 'the file, its write-ahead log',
  memory: 'kept in the process',
};

function clockText(offsetMs: number): string {
  if (Math.abs(offsetMs) < 2) return "agrees with this machine's";
  return `${Math.abs(offsetMs)} ms ${offsetMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}
