import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { isLoopback } from '../console/loopback.ts';
import type { ExitCode } from '../failure.ts';
import { exitCodes } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

interface ConsoleOptions {
  readonly host: string;
  readonly port: number;
  readonly allowHost?: readonly string[];
  readonly readOnly?: boolean;
  readonly by?: string;
  readonly audit: string;
}

const defaultPort = 4571;
const defaultAudit = join(homedir(), '.twiceproof', 'audit.jsonl');

export function configureConsole(command: Command, runner: Runner): void {
  command
    .description('Serve a page for operators to browsers on this machine, until Ctrl-C.')
    .option('-p, --port <number>', 'port to listen at; 0 for any', portOf, defaultPort)
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--allow-host <name...>', 'further names under which browsers may reach it')
    .option('--read-only', 'refuse every change')
    .option('--by <name>', 'who does it, for the audit log (default: the user of this machine)')
    .option('--audit <file>', 'audit log, JSON lines', defaultAudit)
    .action(runner.action(runConsole));
}

async function runConsole(call: Call<ConsoleOptions>): Promise<ExitCode> {
  const { options, terminal, screen } = call;
  const { host, port, readOnly, audit } = options;
  const { label, store, idempotency, config } = await call.open({ connections: 4 });
  // Only this command needs it.
  const { serveConsole } = await import('../console/serve-console.ts');
  const running = await serveConsole({
    idempotency,
    store,
    label,
    environment: config.environment,
    links: config.links,
    probe: config.probe,
    host,
    port,
    allowedHosts: options.allowHost,
    readOnly,
    by: options.by ?? terminal.user,
    auditFile: audit,
    onAudit: (_entry, line) => terminal.stderr.write(`${line}\n`),
  });
  try {
    // Whoever reads the link may end it at once.
    const stopped = untilStopped(terminal, () => screen.print(`  ${running.link()}`));
    if (screen.isJson) screen.printJson({ address: running.address, link: running.link(), audit });
    else {
      screen.print(`Records of ${label}${readOnly ? ', read-only' : ''}`);
      screen.print(`Audit log ${audit}`);
      screen.print(`\n  ${running.link()}\n`);
      screen.print('The link works once. Enter prints another, Ctrl-C stops.');
    }
    if (!isLoopback(host)) {
      terminal.stderr.write(
        `twiceproof: others can reach ${running.address}, and what they send is not encrypted; put a proxy with TLS before it\n`,
      );
    }
    await stopped;
  } finally {
    await running.close();
  }
  return exitCodes.done;
}

/** Resolves at Ctrl-C or SIGTERM. */
async function untilStopped({ stdin, onInterrupt }: Terminal, onEnter: () => void): Promise<void> {
  if (stdin.isTTY) stdin.on('data', onEnter);
  await new Promise<void>((resolve) => {
    onInterrupt(resolve);
    process.once('SIGTERM', () => resolve());
  });
  stdin.off('data', onEnter);
  stdin.pause();
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a number from 0 to 65535.');
}
