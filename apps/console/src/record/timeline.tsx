import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { VisibleText } from '../text/visible-text.tsx';
import { When } from '../text/when.tsx';
import { clockText, dayText, spanText } from '../text/words.ts';
import type { RecordState } from '../wire.ts';
import { timelineEvents } from './timeline-events.ts';

/** The life of the record, drawn from what it holds. */
export function Timeline({
  record,
  state,
}: {
  record: IdempotencyRecord;
  state: RecordState;
}): JSX.Element {
  const events = timelineEvents(record, state);
  let before: number | undefined;
  return (
    <section>
      <h3>Timeline</h3>
      <ol class="timeline">
        {events.map(({ at, title, detail, tone }) => {
          const passed = at !== undefined && before !== undefined ? at - before : undefined;
          const isOtherDay =
            at !== undefined && (before === undefined || dayText(at) !== dayText(before));
          if (at !== undefined) before = at;
          return (
            <li key={title} class={tone}>
              <span class="point" />
              <div class="what">
                <p class="event">
                  {title}
                  {passed !== undefined && passed > 0 && (
                    <span class="passed" title="Since the time before">
                      +{spanText(passed)}
                    </span>
                  )}
                </p>
                {detail && (
                  <p class="detail">
                    <VisibleText text={detail} most={200} />
                  </p>
                )}
              </div>
              {at !== undefined && (
                <div class="at">
                  <When at={at} />
                  <span class="exact">
                    {isOtherDay && `${dayText(at)}, `}
                    {clockText(at)}
                  </span>
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
