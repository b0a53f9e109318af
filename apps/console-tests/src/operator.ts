import type { RunningConsole } from '@twiceproof/cli';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** An operator with a browser, signed in at a console. */
export interface Operator {
  readonly page: Page;
  /** What the browser complained about: errors of scripts, violations of the policy. */
  readonly complaints: readonly string[];
  /** Rows of the list that can be seen, as text. */
  rows(): Promise<string[]>;
  row(text: string): Locator;
  /** The record that is open. */
  readonly record: Locator;
  dialog(): Locator;
  tab(name: string): Locator;
  leave(): Promise<void>;
}

export interface OperatorOptions extends BrowserContextOptions {
  readonly by?: string;
  /** What follows the address of the console, e.g. `?state=failed`. */
  readonly path?: string;
  /** The page waits a fifth of what it would between two requests. */
  readonly isHurried?: boolean;
  /** The test moves the clock of the page, with `page.clock`. */
  readonly hasClock?: boolean;
}

export async function signIn(
  browser: Browser,
  running: RunningConsole,
  { by, path, isHurried, hasClock, ...options }: OperatorOptions = {},
): Promise<Operator> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // What turns for ever is drawn by the processor here, which others need.
    reducedMotion: 'reduce',
    ...options,
  });
  if (isHurried) await context.addInitScript(hurry);
  if (hasClock) await context.clock.install();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Refusals are answers, but Chromium calls them errors.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  await page.goto(running.link({ by }));
  await page.locator('#records').waitFor();
  if (path !== undefined) await page.goto(`${running.address}/${path}`);
  return {
    page,
    complaints,
    rows: () => page.locator('#records [role=row]').allTextContents(),
    row: (text) => page.locator('#records [role=row]').filter({ hasText: text }),
    record: page.getByRole('article', { name: 'Record' }),
    dialog: () => page.getByRole('dialog'),
    tab: (name) => page.getByRole('toolbar', { name: 'State' }).getByRole('button', { name }),
    leave: () => context.close(),
  };
}

/** Runs in the page, before its own scripts. */
function hurry(): void {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((run: () => void, ms = 0) =>
    setTimeout(run, ms < 1_000 ? ms : ms / 5)) as typeof globalThis.setTimeout;
}
