const longestNameChars = 120;

/**
 * The name of an offloaded outcome, safe as a path, a URL's path and an object's key: `environment/operation/run/digest/fence`.
 * The digest tells records apart, whatever becomes of the names that stand before it. Each attempt has its own
 * object: a late one must not overwrite what a newer record refers to.
 */
export function offloadKey(recordId: string, fence: number): string {
  return [...recordId.split('/').map(safeName), fence].join('/');
}

/** Names in ids are percent-encoded already, which leaves dots alone and triples what is beyond ASCII: file systems
 * take 255 bytes between two slashes, and buckets 1,024 in all. */
function safeName(encoded: string): string {
  const short = encoded.slice(0, longestNameChars).replace(/%[\dA-F]?$/, '');
  // Dots alone are the folder itself or one above it, for those who decode them, too.
  return short.replaceAll('*', '%2A').replace(/^\.*$/, '$&~');
}
