import { operation } from '../pipeline.ts';
import type { Results } from './results.ts';
import { good, plural, worthKnowing } from './words.ts';

/** What a reader might wonder about. */
export function remarkLines({ args, input, outcome, keptOfRun0, stoppedBy }: Results): string[] {
  const { answers, keys } = outcome.tally.of(operation);
  const lines: string[] = [];
  if (answers.replayed > 0 && answers.executed + answers.failed === 0) {
    lines.push(good(`nothing was executed: the records of ${plural(keys.size, 'order')} answered`));
  }
  if (keptOfRun0) {
    lines.push(good(`run 0 is untouched: its ${plural(keptOfRun0, 'order record')} are all there`));
  }
  if (input.deliveries.length === 0 && input.badLines.length === 0) {
    lines.push(worthKnowing('the input holds no deliveries'));
  }
  if (stoppedBy !== undefined) {
    const left = plural(outcome.left, 'delivery', 'deliveries');
    lines.push(worthKnowing(`stopped by ${stoppedBy} with ${left} left`));
    return lines;
  }
  if (args.fail && outcome.tally.of(`${operation}.${args.fail}`).answers.failed === 0) {
    lines.push(
      worthKnowing(
        `--fail ${args.fail} broke nothing, as all orders were finished; try a new --run`,
      ),
    );
  }
  if (args.killAfter !== undefined && !outcome.killed) {
    lines.push(
      worthKnowing(
        '--kill-after killed nobody, as nothing was executed after that; try a new --run',
      ),
    );
  }
  return lines;
}
