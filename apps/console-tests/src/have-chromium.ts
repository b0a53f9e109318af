import { haveChromium } from './chromium.ts';

/** Before any test: two of them would install it at once. */
export function setup(): void {
  haveChromium();
}
