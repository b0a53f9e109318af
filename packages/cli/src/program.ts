import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Runner } from './command-call.ts';
import { commands, type ListedCommand } from './commands/commands.ts';
import { oneLine } from './output/visible-text.ts';
import { urlForms } from './stores/url-forms.ts';

const examples = `
Examples:
  $ twiceproof list --store redis://localhost:6379 --status failed
  $ twiceproof show prod/charge-payment/0/uITmb2sT --result
  $ twiceproof release prod/charge-payment/0/uITmb2sT --reason "gateway is back"
  $ twiceproof show $(twiceproof id charge-payment p-17 --environment prod)

Exit codes: 0 done, 1 refused or nothing changed, 2 wrong command line or configuration,
3 store cannot be used, 4 no such record or more than one, 5 unexpected fault.`;

/** The command line of twiceproof. */
export function createProgram(runner: Runner): Command {
  const { stdout, stderr } = runner.terminal;
  const program = new Command('twiceproof')
    .description('See and change idempotency records.')
    .version(ownVersion())
    .option('--store <url>', `the store: ${urlForms}`)
    .option('--config <file>', 'configuration file instead of twiceproof.config.{ts,js,mjs}')
    .option('--json', 'one JSON document instead of text')
    .addOption(
      new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'),
    )
    .addOption(new Option('--no-color', 'no colours; so does NO_COLOR'))
    .option('--debug', 'show where a fault comes from')
    .helpCommand(false)
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) =>
        [command.name(), listed(command)?.operands].filter(Boolean).join(' '),
      styleTitle: (title) => `\u001b[1m${title}\u001b[22m`,
    })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(`twiceproof: ${oneLine(text.replace(/^error: /, ''))}\n`),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => stdout.isTTY === true && stdout.hasColors?.() === true,
      getErrHasColors: () => stderr.isTTY === true && stderr.hasColors?.() === true,
    })
    .exitOverride()
    .addHelpText('after', examples);
  for (const { name, summary } of commands) program.command(name).summary(summary);
  program.hook('preSubcommand', async (_program, command) => {
    const configure = await listed(command)!.load();
    configure(command, runner);
  });
  return program;
}

function listed(command: Command): ListedCommand | undefined {
  return commands.find(({ name }) => name === command.name());
}

function ownVersion(): string {
  const manifest = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
