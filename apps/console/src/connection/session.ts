import { signal } from '@preact/signals';
import type { OpenedSession } from '../wire.ts';
import { Fault, faultOf } from './fault.ts';

const csrfName = 'twiceproof-csrf';

/** Whether the server knows this browser; a fault says why not. */
export const signedIn = signal<'checking' | true | Fault>('checking');

/** Sent with every request. Kept per origin, so that other ports of this machine do not see it. */
export function csrfToken(): string {
  return localStorage.getItem(csrfName) ?? '';
}

/** Exchanges the one-time token in the address, if there is one. */
export async function signIn(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) {
    signedIn.value = true;
    return;
  }
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const response = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Fault(answer.code, answer.message);
    localStorage.setItem(csrfName, (answer as OpenedSession).csrf);
    signedIn.value = true;
  } catch (error) {
    // Somebody who is signed in and opens an old link stays signed in.
    if (csrfToken() === '') signedIn.value = faultOf(error);
    else signedIn.value = true;
  }
}
