import { type Duration, durationMs } from '@twiceproof/core';
import { textOf } from './request-body.ts';

/** How long a record is to be kept, as a request says it; `unsaid` where it does not. */
export function retentionOf(
  { retention }: Readonly<Record<string, unknown>>,
  unsaid?: false,
): Duration | false {
  if (retention === false || (retention === undefined && unsaid === false)) return false;
  const text = textOf({ retention }, 'retention', 20) as Duration;
  durationMs(text, 'retention');
  return text;
}
