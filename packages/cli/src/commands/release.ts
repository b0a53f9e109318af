import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import type { ExitCode } from '../failure.ts';
import { type Change, changeRecords } from '../records/change.ts';
import { changeMatching } from '../records/change-matching.ts';
import { addChangeOptions, type ChangeOptions } from '../records/change-options.ts';
import { addFilterOptions, type FilterOptions } from '../records/filter-options.ts';
import { isAboutMatching } from '../records/target.ts';

interface ReleaseOptions extends ChangeOptions, FilterOptions {
  readonly where?: boolean;
}

export function configureRelease(command: Command, runner: Runner): void {
  command
    .description('Let work run again at its next call: failed, held, crashed or completed.')
    .argument('[id...]', 'record ids, or beginnings of them')
    .option('--where', 'every record that matches the filters below, after counting them');
  addFilterOptions(addChangeOptions(command)).action(runner.action(release));
}

async function release(call: Call<ReleaseOptions>, ids: readonly string[]): Promise<ExitCode> {
  const isBulk = isAboutMatching(ids, call.options);
  const session = await call.open();
  const { records } = session.idempotency;
  if (!isBulk) {
    return changeRecords(call, session, ids, { ...wording, consequence, apply: records.release });
  }
  return changeMatching(call, session, {
    ...wording,
    consequence: 'Their work runs again at its next calls.',
    apply: records.releaseAll,
  });
}

const wording = { verb: 'release', done: 'released' };

const consequence: Change['consequence'] = ({ status }) =>
  status === 'completed'
    ? 'Its work is done, and runs once more at its next call.'
    : 'Its work runs again at its next call.';
