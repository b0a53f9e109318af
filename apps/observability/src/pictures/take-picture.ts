import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Html } from './html.ts';

const style = readFileSync(join(import.meta.dirname, 'pictures.css'), 'utf8');
const folder = join(import.meta.dirname, '../../../../docs/pictures');

export interface Picture {
  readonly name: string;
  readonly body: Html;
  readonly width: number;
}

/** Draws each picture in a browser that has no network, into the folder of the documentation. */
export async function takePictures(pictures: readonly Picture[]): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  });
  try {
    for (const { name, body, width } of pictures) {
      const viewport = { width, height: 100 };
      const page = await browser.newPage({ viewport, deviceScaleFactor: 1.5 });
      await page.setContent(`<!doctype html><style>${style}</style><main>${body.text}</main>`);
      await page.locator('main').screenshot({ path: join(folder, `${name}.png`) });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}
