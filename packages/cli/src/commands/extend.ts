import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import type { ExitCode } from '../failure.ts';
import { spanText } from '../output/time-text.ts';
import { changeRecords } from '../records/change.ts';
import { changeMatching } from '../records/change-matching.ts';
import { addChangeOptions, type ChangeOptions } from '../records/change-options.ts';
import { retentionOf } from '../records/duration-option.ts';
import { addFilterOptions, type FilterOptions } from '../records/filter-options.ts';
import { isAboutMatching } from '../records/target.ts';

interface ExtendOptions extends ChangeOptions, FilterOptions {
  readonly where?: boolean;
  readonly retention: number | false;
}

export function configureExtend(command: Command, runner: Runner): void {
  command
    .description('Set for how long, counted from now, completed and failed records are kept.')
    .argument('[id...]', 'record ids, or beginnings of them')
    .requiredOption(
      '-r, --retention <duration>',
      "from now on: '7d', '24h' or 'forever'",
      retentionOf,
    )
    .option('--where', 'every record that matches the filters below, after counting them');
  addFilterOptions(addChangeOptions(command)).action(runner.action(extend));
}

async function extend(call: Call<ExtendOptions>, ids: readonly string[]): Promise<ExitCode> {
  const { retention } = call.options;
  const isBulk = isAboutMatching(ids, call.options);
  const session = await call.open();
  const { records } = session.idempotency;
  const kept =
    retention === false ? 'until someone deletes' : `for another ${spanText(retention)} from now`;
  const wording = { verb: 'extend', done: 'extended' };
  if (!isBulk) {
    return changeRecords(call, session, ids, {
      ...wording,
      consequence: () => `It is kept ${kept}${retention === false ? ' it' : ''}.`,
      refusal: ({ status }) =>
        status === 'in_progress'
          ? 'is in progress; only completed and failed records have a retention'
          : undefined,
      apply: (id, options) => records.extend(id, retention, options),
    });
  }
  return changeMatching(call, session, {
    ...wording,
    consequence: `They are kept ${kept}${retention === false ? ' them' : ''}.`,
    apply: (filter, options) => records.extendAll(filter, retention, options),
  });
}
