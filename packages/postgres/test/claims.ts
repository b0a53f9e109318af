import { randomBytes } from 'node:crypto';

export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

export const done = { bytes: new TextEncoder().encode('done'), retentionMs: 3_600_000 };
export const failure = { error: { name: 'Error', message: 'no' }, retentionMs: 3_600_000 };
