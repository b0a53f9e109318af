import { styleText } from 'node:util';
import type { Arguments } from '../arguments.ts';
import { demoCommand } from '../demo-command.ts';
import type { Results } from './results.ts';
import { dim } from './words.ts';

/** How to go on, or what to try. */
export function nextLines({ args, audit, outcome }: Results): string[] {
  const sameRun = args.run === 0 ? [] : [`--run ${args.run}`];
  if (outcome.deadLetters.length > 0 || outcome.left > 0) {
    const how = args.fail ? 'Run it again without --fail' : 'Run it again';
    return [`${how}: what is finished is replayed, not repeated.`, `  ${command(args, sameRun)}`];
  }
  const newRun = `--run ${Math.max(args.run, ...[...audit.steps.values()].map(({ run }) => run)) + 1}`;
  const suggestions: [flags: readonly string[], what: string][] = [
    [sameRun.length > 0 ? sameRun : ['(no flag)'], 'again: everything is replayed'],
    [[newRun, '--fail ship'], 'a step fails; then run it without --fail'],
    [[newRun, '--kill-after 50'], 'a worker is killed in the middle of an effect'],
  ];
  const width = Math.max(...suggestions.map(([flags]) => flags.join(' ').length));
  return [
    `Try next: ${command(args, [])} …`,
    ...suggestions.map(([flags, what]) => `  ${flags.join(' ').padEnd(width)}  ${dim(what)}`),
  ];
}

function command(args: Arguments, changes: readonly string[]): string {
  return styleText('cyan', demoCommand(args, changes));
}
