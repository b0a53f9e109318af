import type { JSX } from 'preact';
import { about } from '../page/about.ts';
import { CloseIcon } from '../text/icons.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import { dismissBulk, isUnderWay, job, jobFault, stopBulk } from './bulk-state.ts';
import { jobText } from './bulk-words.ts';

/** How far an action on many records has come, or how it ended. */
export function BulkProgress(): JSX.Element | null {
  const shown = job.value;
  if (!shown) return null;
  const { by, phase, matched, count, problem } = shown;
  const fault = jobFault.value;
  return (
    <section class={`bulk-progress ${phase}`} aria-label="Action on many records">
      <div class="line">
        <p>
          {by !== about.value?.by && (
            <>
              <VisibleText text={by} most={40} />:{' '}
            </>
          )}
          {jobText(shown)}
        </p>
        {phase === 'running' && (
          <button type="button" onClick={() => stopBulk(shown)}>
            Stop
          </button>
        )}
        {!isUnderWay(shown) && (
          <button
            type="button"
            class="icon"
            title="Understood"
            aria-label="Understood"
            onClick={dismissBulk}
          >
            <CloseIcon />
          </button>
        )}
      </div>
      {isUnderWay(shown) && (
        <progress aria-label="Progress" max={Math.max(count, matched, 1)} value={matched} />
      )}
      {problem !== undefined && (
        <p class="bad">
          <VisibleText text={problem} />
        </p>
      )}
      {fault && (
        <p class="bad" role="alert">
          {fault.message} What is under way ends with the console.
        </p>
      )}
    </section>
  );
}
