import type { Report } from '../measuring/result.ts';
import { ratioText, spreadText } from '../output/ratio-text.ts';
import { markdownTable } from './markdown-table.ts';
import { byProcessor, isMet, reachedIn, type Target } from './target.ts';
import { targets } from './targets.ts';

/** Where the time goes, by the id of a target that is not met; empty where nobody has looked. Written by hand. */
export type Limits = Readonly<Record<string, string>>;

/** What was to be reached, and what was; and of what was not, why. */
export function targetSection(reports: readonly Report[], limits: Limits): string {
  const measured = targets.map((target) => ({ target, reached: reachedIn(reports, target) }));
  const lines = measured.map(({ target, reached }) => [
    target.what,
    boundOf(target),
    reached ? spreadText(reached) : '–',
    processorFigure(reports, target),
    reached ? (isMet(target, reached) ? 'met' : '**not met**') : 'not measured',
  ]);
  const missed = measured.filter(({ target, reached }) => reached && !isMet(target, reached));
  return [
    '## What was to be reached',
    '',
    markdownTable(['what', 'target', 'reached (half of the rounds)', 'by CPU', ''], lines),
    ...(missed.length > 0 ? ['', '### Where the time goes', ''] : []),
    ...missed.map(
      ({ target }) => `- ${target.what}: ${limits[target.id] || 'not looked into yet.'}`,
    ),
  ].join('\n');
}

function processorFigure(reports: readonly Report[], target: Target): string {
  const same = byProcessor(target);
  const reached = same && reachedIn(reports, same);
  return reached ? ratioText(reached.median) : '';
}

export function boundOf({ least, most }: Target): string {
  return least === undefined ? `at most ${most}` : `at least ${least}`;
}
