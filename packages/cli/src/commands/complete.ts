import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { exactJson, InexactNumber } from '../exact-json.ts';
import { type ExitCode, usage } from '../failure.ts';
import { fitted } from '../output/text-width.ts';
import { spanText } from '../output/time-text.ts';
import { visibleText } from '../output/visible-text.ts';
import { changeRecords } from '../records/change.ts';
import {
  addChangeOptions,
  addStepsOption,
  type ChangeOptions,
  type StepOptions,
} from '../records/change-options.ts';
import { retentionOf } from '../records/duration-option.ts';
import { addEnvironmentOptions, type EnvironmentOptions } from '../records/filter-options.ts';

interface CompleteOptions extends ChangeOptions, StepOptions, EnvironmentOptions {
  readonly retention?: number | false;
}

export function configureComplete(command: Command, runner: Runner): void {
  command
    .description('Note failed, held or crashed work as done, with a value that later calls get.')
    .argument('<id>', 'record id, or the beginning of one')
    .argument(
      '[value]',
      "the value as JSON; '-' reads it from stdin; without one, later calls get undefined",
    )
    .option(
      '-r, --retention <duration>',
      "how long it is kept: '7d', '24h' or 'forever' (default: until someone deletes it)",
      retentionOf,
    );
  addEnvironmentOptions(addChangeOptions(addStepsOption(command))).action(runner.action(complete));
}

async function complete(
  call: Call<CompleteOptions>,
  id: string,
  given: string | undefined,
): Promise<ExitCode> {
  const { options, terminal } = call;
  if (given === '-' && !options.yes) {
    throw usage('the value comes from stdin, so nobody can be asked there; give --yes with it');
  }
  const value = parse(given === '-' ? await text(terminal.stdin) : given);
  const session = await call.open();
  const { retention = false } = options;
  const { records } = session.idempotency;
  const kept = retention === false ? 'until someone deletes it' : `for ${spanText(retention)}`;
  const shown = value === undefined ? 'undefined' : fitted(visibleText(JSON.stringify(value)), 60);
  return changeRecords(call, session, [id], {
    verb: 'complete',
    done: 'completed',
    consequence: () => `Later calls do not execute, and get ${shown}; it is kept ${kept}.`,
    refusal: ({ status }) =>
      status === 'completed'
        ? 'is completed already, and its outcome never changes; delete it first if it is wrong'
        : undefined,
    apply: (recordId, own) => records.complete(recordId, value, { ...own, retention }),
  });
}

function parse(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return exactJson(json);
  } catch (cause) {
    if (cause instanceof InexactNumber) throw usage(`the value: ${cause.message}`, { cause });
    throw usage(
      `the value is no JSON; text wants quotes of its own: '"${visibleText(json.trim().slice(0, 20))}"'`,
      { cause },
    );
  }
}
