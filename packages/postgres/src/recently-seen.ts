/**
 * Remembers roughly which record ids this process has met, in a fixed 256 KiB: a call for one of them
 * is likely a replay, which a plain SELECT answers. A wrong guess costs one more round trip.
 */
export interface RecentlySeen {
  has(id: string): boolean;
  add(id: string): void;
}

const slots = 1 << 16;
/** The end of a record id is a digest: it tells ids apart by itself. */
const hashedLength = 12;

export function createRecentlySeen(): RecentlySeen {
  const seen = new Uint32Array(slots);
  return {
    has(id) {
      const hash = hashOf(id);
      return seen[hash % slots] === hash;
    },
    add(id) {
      const hash = hashOf(id);
      seen[hash % slots] = hash;
    },
  };
}

/** FNV-1a; never 0, which is an empty slot. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = Math.max(0, id.length - hashedLength); at < id.length; at += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0 || 1;
}
