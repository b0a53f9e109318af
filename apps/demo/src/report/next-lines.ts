import { styleText } from 'node:util';
import { type Arguments, defaults } from '../arguments.ts';
import { demoCommand } from '../demo-command.ts';
import { storeLabels } from '../stores/stack-label.ts';
import { isMemoryAlone } from '../stores/store-kinds.ts';
import { urlVariables } from '../stores/url-variables.ts';
import type { Results } from './results.ts';
import { dim } from './words.ts';

type Suggestion = readonly [flags: readonly string[], what: string];

const ownSample: Suggestion = [['(no --input)'], "the demo's own 60 orders"];

/** How to go on, or what to try. */
export function nextLines(results: Results): string[] {
  return results.recordsStay ? afterThisRun(results) : afreshOnly(results);
}

/** The store ended with the run, and everything in it: there is nothing to go on with. */
function afreshOnly({ args }: Results): string[] {
  const failing: Suggestion = [['--fail ship'], 'a step fails, for every order'];
  if (isMemoryAlone(args.store)) {
    return [
      'This memory and its records are gone now; --store pglite keeps them.',
      ...tryNext(args, [failing]),
    ];
  }
  const authority = args.store.at(-1) as keyof typeof urlVariables;
  return [
    `This ${storeLabels[authority]} and its records are gone now; ${urlVariables[authority]} keeps them in yours.`,
    ...tryNext(args, [
      failing,
      [['--kill-after 50'], 'a worker is killed in the middle of an effect'],
    ]),
  ];
}

function afterThisRun({ args, audit, input, outcome }: Results): string[] {
  const sameRun = args.run === 0 ? [] : [`--run ${args.run}`];
  if (outcome.deadLetters.length > 0 || outcome.left > 0) {
    const how = args.fail ? 'Run it again without --fail' : 'Run it again';
    return [`${how}: what is finished is replayed, not repeated.`, `  ${command(args, sameRun)}`];
  }
  const newRun = `--run ${Math.max(args.run, ...[...audit.steps.values()].map(({ run }) => run)) + 1}`;
  if (input.deliveries.length === 0)
    return tryNext({ ...args, input: undefined, key: defaults.key }, [ownSample]);
  return tryNext(args, [
    [sameRun.length > 0 ? sameRun : ['(no flag)'], 'again: everything is replayed'],
    [[newRun, '--fail ship'], 'a step fails; then run it without --fail'],
    [[newRun, '--kill-after 50'], 'a worker is killed in the middle of an effect'],
  ]);
}

function tryNext(args: Arguments, suggestions: readonly Suggestion[]): string[] {
  const width = Math.max(...suggestions.map(([flags]) => flags.join(' ').length));
  return [
    `Try next: ${command(args, [])} …`,
    ...suggestions.map(([flags, what]) => `  ${flags.join(' ').padEnd(width)}  ${dim(what)}`),
  ];
}

function command(args: Arguments, changes: readonly string[]): string {
  return styleText('cyan', demoCommand(args, changes));
}
