import type { JSX } from 'preact';
import { CopyButton } from './copy-button.tsx';

/** A record id with its middle left out: what begins and what ends it tell it from others. */
export function RecordId({
  id,
  isCopyable = false,
}: {
  id: string;
  isCopyable?: boolean;
}): JSX.Element {
  return (
    <span class="record-id">
      <code title={id}>{shortened(id)}</code>
      {isCopyable && <CopyButton text={id} what="record id" />}
    </span>
  );
}

export function shortened(id: string): string {
  const digestAt = id.lastIndexOf('/') + 1;
  const digest = id.slice(digestAt);
  const short = digest.length > 14 ? `${digest.slice(0, 6)}…${digest.slice(-5)}` : digest;
  const path = id.slice(0, digestAt);
  return path.length > 48 ? `${path.slice(0, 26)}…${path.slice(-20)}${short}` : path + short;
}
