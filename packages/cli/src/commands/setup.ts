import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { usage } from '../failure.ts';
import { checkStoreUrl } from '../stores/open-store.ts';

interface SetupOptions {
  readonly sql?: boolean;
}

export function configureSetup(command: Command, runner: Runner): void {
  command
    .description('Create the table that the store needs. Running it again is harmless.')
    .option('--sql', 'print the SQL for Postgres instead, for those who may not create tables')
    .action(runner.action(setup));
}

async function setup(call: Call<SetupOptions>): Promise<undefined> {
  const { options, screen, terminal } = call;
  if (options.sql) {
    const { store } = options;
    const url = store === undefined ? undefined : checkStoreUrl(store);
    if (!url?.scheme.startsWith('postgres')) {
      throw usage(
        '--sql is for Postgres; give --store postgres://…, with schema and table if they have other names',
      );
    }
    const { postgresSetupSql } = await import('../stores/postgres.ts');
    screen.print((await postgresSetupSql(url, terminal.cwd)).trimEnd());
    return undefined;
  }
  const { store, label } = await call.open();
  await store.setup?.();
  if (screen.isJson) screen.printJson({ store: store.name, needed: store.setup !== undefined });
  else if (store.setup) screen.print(`${label} has what the store needs`);
  else screen.note(`${store.name} needs no setup`);
  return undefined;
}
