import type { PGlite } from '@electric-sql/pglite';

// Parse, Bind, Describe, Execute, Close: what comes before the Sync that ends a request.
const unfinished: ReadonlySet<string> = new Set('PBDEC');

/**
 * The database as PGLiteSocketServer must see it to serve several connections at once. They share one
 * session, and the server takes turns after every protocol message unless a transaction is open: one
 * connection's Parse could meet another one's Bind (seen: 7 wrong answers in 480 requests of 200 kB).
 * So messages are kept until their request is whole, and count as an open transaction meanwhile. The
 * answer goes out in one piece too.
 */
export function wholeRequests(db: PGlite): PGlite {
  let kept: Uint8Array[] = [];
  const overrides: Partial<PGlite> = {
    isInTransaction: () => kept.length > 0 || db.isInTransaction(),

    async execProtocolRawStream(message, { onRawData, ...options }) {
      kept.push(message);
      if (unfinished.has(String.fromCharCode(message[0]!))) return;
      const request = Buffer.concat(kept);
      kept = [];
      const answer: Uint8Array[] = [];
      // The database reuses the memory of what it hands out.
      const keep = (data: Uint8Array): void => void answer.push(data.slice());
      await db.execProtocolRawStream(request, { ...options, onRawData: keep });
      if (answer.length > 0) onRawData(Buffer.concat(answer));
    },

    // How the server rolls back for a connection that went away: in the middle of a request, or of a
    // transaction.
    async exec(query, options) {
      kept = [];
      return db.isInTransaction() ? db.exec(query, options) : [];
    },
  };
  return new Proxy(db, {
    get(target, name) {
      if (Object.hasOwn(overrides, name)) return overrides[name as keyof PGlite];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
