import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** One operator's browser. */
export interface OperatorSession {
  readonly by: string;
  readonly csrfDigest: Buffer;
  usedAt: number;
}

/** What a browser is given for a one-time token. */
interface SessionSecrets {
  readonly cookie: string;
  readonly csrf: string;
  readonly by: string;
}

export interface Sessions {
  /** A new one-time token for this operator. */
  invite(by: string): string;
  /** Exchanges a one-time token; undefined if it is none, or was used. */
  open(token: string): SessionSecrets | undefined;
  /** The session of a request; throws `NO_SESSION`. */
  find(cookieHeader: string | undefined, csrf: string | undefined): OperatorSession;
}

const idleMs = 12 * 3_600_000;
const mostInvitations = 32;

/**
 * Sessions in memory: a restart ends them. Every request needs the cookie and the CSRF token. The
 * cookie alone is not enough, because browsers hand it to every port of this machine.
 */
export function createSessions(cookieName: string, now: () => number): Sessions {
  const invitations = new Map<string, string>();
  const sessions = new Map<string, OperatorSession>();

  return {
    invite(by) {
      const token = secret();
      invitations.set(digest(token).toString('base64'), by);
      const [oldest] = invitations.keys();
      if (invitations.size > mostInvitations) invitations.delete(oldest!);
      return token;
    },

    open(token) {
      const name = digest(token).toString('base64');
      const by = invitations.get(name);
      if (by === undefined) return undefined;
      invitations.delete(name);
      const [cookie, csrf] = [secret(), secret()];
      const session = { by, csrfDigest: digest(csrf), usedAt: now() };
      sessions.set(digest(cookie).toString('base64'), session);
      return { cookie, csrf, by };
    },

    find(cookieHeader, csrf) {
      const cookie = cookieOf(cookieHeader, cookieName);
      const name = cookie && digest(cookie).toString('base64');
      const session = name === undefined ? undefined : sessions.get(name);
      if (name !== undefined && session && now() - session.usedAt > idleMs) sessions.delete(name);
      else if (session && csrf && timingSafeEqual(session.csrfDigest, digest(csrf))) {
        session.usedAt = now();
        return session;
      }
      throw new Refusal(
        'NO_SESSION',
        'Sign in first: press Enter in the terminal in which the console runs, and open the link that it prints.',
      );
    },
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}
