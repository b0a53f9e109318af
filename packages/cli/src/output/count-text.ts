export function numberText(count: number): string {
  // The first number with separators has Node load its tables of languages, as long as a small command takes.
  return count < 1_000 ? String(count) : count.toLocaleString('en');
}

/** `1 record`, `1,234 records`. */
export function countText(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const kibibytes = bytes / 1_024;
  return kibibytes < 1_024
    ? `${kibibytes.toFixed(1)} KiB`
    : `${(kibibytes / 1_024).toFixed(1)} MiB`;
}
