import { signal } from '@preact/signals';
import { ask } from '../connection/request.ts';
import type { About } from '../wire.ts';
import { startAddress } from './address.ts';

/** Known before anything else is shown. */
export const about = signal<About | undefined>(undefined);

export async function loadAbout(): Promise<void> {
  const answer = await ask<About>('about');
  startAddress(answer.environment);
  about.value = answer;
}
