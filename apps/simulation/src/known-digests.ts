import { createRequire } from 'node:module';

type Digest = typeof import('node:crypto').hash;

// A module's object, which core asks anew for each digest: its functions can be replaced.
const crypto: { hash: Digest } = createRequire(import.meta.url)('node:crypto');

const mostKnown = 10_000;

/** Schedules have few keys, and the same ones: what core asks Node to digest is looked up from now on. */
export function rememberDigests(): void {
  const digest = crypto.hash;
  const known = new Map<string, string>();
  crypto.hash = ((algorithm: string, text: unknown, encoding: 'base64url') => {
    const isUsual = algorithm === 'sha256' && encoding === 'base64url' && typeof text === 'string';
    if (!isUsual) return digest(algorithm, text as string, encoding);
    let digested = known.get(text);
    if (digested === undefined) {
      digested = digest(algorithm, text, encoding);
      if (known.size < mostKnown) known.set(text, digested);
    }
    return digested;
  }) as Digest;
}
