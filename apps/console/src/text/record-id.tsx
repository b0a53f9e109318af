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

/** The whole path where there is room for it, and what tells the record from others of it. */
function shortened(id: string): string {
  const path = id.slice(0, id.lastIndexOf('/') + 1);
  const shortPath = path.length > 48 ? `${path.slice(0, 26)}…${path.slice(-20)}` : path;
  return shortPath + shortDigest(id);
}

export function shortDigest(id: string): string {
  const digest = id.slice(id.lastIndexOf('/') + 1);
  return digest.length > 14 ? `${digest.slice(0, 6)}…${digest.slice(-5)}` : digest;
}
