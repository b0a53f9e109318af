import { signal } from '@preact/signals';

let offset = 0;

/** The time at the server, second by second: what times on the page are relative to. */
export const serverNow = signal(Date.now());

export function noteServerTime(now: number): void {
  offset = now - Date.now();
  if (Math.abs(serverNow.peek() - now) > 1_500) serverNow.value = now;
}

setInterval(() => {
  if (!document.hidden) serverNow.value = Date.now() + offset;
}, 1_000);
document.addEventListener('visibilitychange', () => {
  serverNow.value = Date.now() + offset;
});
