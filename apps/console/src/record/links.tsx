import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { OutwardIcon } from '../text/icons.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import type { RecordLink } from '../wire.ts';

/** Where more is known about the record. */
export function Links({
  links,
  record: { traceparent },
}: {
  links: readonly RecordLink[];
  record: IdempotencyRecord;
}): JSX.Element | null {
  if (links.length === 0 && traceparent === undefined) return null;
  return (
    <section>
      <h3>Telemetry</h3>
      {links.length === 0 ? (
        <p class="hint">
          The record knows its trace. Give <code>links</code> in <code>twiceproof.config.ts</code>{' '}
          to open it from here.
        </p>
      ) : (
        <ul class="links">
          {links.map(({ label, url }) => (
            <li key={label}>
              <a href={url} target="_blank" rel="noopener noreferrer">
                <VisibleText text={label} />
                <OutwardIcon />
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
