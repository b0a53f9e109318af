import { createIdempotency, type Store } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { usage } from '../failure.ts';
import { wholeNumber } from '../records/filter-options.ts';
import { optionsOf } from '../session.ts';
import { findConfigFile, loadConfigFile } from '../stores/config-file.ts';

interface IdOptions {
  readonly environment?: string;
  readonly run?: number;
  readonly scope?: string;
  readonly typed?: boolean;
}

export function configureId(command: Command, runner: Runner): void {
  command
    .description('Compute the record id of a key. Asks no store.')
    .argument('<operation>', 'the name of the operation')
    .argument('<key>', 'the key as text; as JSON with --typed, such as \'["u1", 7]\'')
    .option('-e, --environment <name>', 'the environment (default: that of the configuration)')
    .option('--run <number>', 'the run (default: 0)', wholeNumber)
    .option('--scope <scope>', 'the scope (default: none)')
    .option('--typed', 'key and scope are JSON: 1 is a number, "1" is text')
    .action(runner.action(id));
}

async function id(call: Call<IdOptions>, operation: string, given: string): Promise<undefined> {
  const { options, screen, terminal } = call;
  const { run = 0, typed } = options;
  const path =
    options.store === undefined ? findConfigFile(terminal.cwd, options.config) : undefined;
  const config = path === undefined ? undefined : await loadConfigFile(path);
  const environment = options.environment ?? config?.environment;
  if (environment === undefined) {
    throw usage('the environment is part of every record id; give --environment');
  }
  const key = typed ? parse(given, 'key') : given;
  const scope =
    typed && options.scope !== undefined ? parse(options.scope, 'scope') : options.scope;
  const { keySecret } = config === undefined ? {} : optionsOf(config);
  const { wrap } = createIdempotency({ environment, keySecret, store: noStore });
  const wrapped = wrap(async (_key: unknown) => {}, {
    operation,
    run,
    key: (each) => each as string,
    scope: scope as string | undefined,
  });
  const recordId = await wrapped.idOf(key);
  await config?.close?.();
  if (screen.isJson) screen.printJson({ id: recordId });
  else screen.print(recordId);
  return undefined;
}

/** An id is computed without one. */
const noStore = { acquire() {}, limits: { maxRecordBytes: 1_024 } } as unknown as Store;

function parse(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw usage(`the ${what} is no JSON, which --typed asks for; text wants quotes of its own`, {
      cause,
    });
  }
}
