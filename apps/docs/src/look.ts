// Takes pictures of pages of the built site, for whoever has changed how they look: node src/look.ts <folder> [page …]
import { join } from 'node:path';
import { launchChromium } from '@twiceproof/engines/chromium';
import { serveSite } from '../test/serve-site.ts';

const [folder = '.cache/look', ...given] = process.argv.slice(2);
const paths = given.length > 0 ? given : ['index'];

const served = await serveSite();
const browser = await launchChromium();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [400, 1280, 2000]) {
    const viewport = { width, height: width < 800 ? 860 : 1000 };
    const page = await browser.newPage({ viewport, colorScheme });
    for (const path of paths) {
      await page.goto(`${served.url}${path}.html`, { waitUntil: 'networkidle' });
      const name = `${path.replaceAll('/', '-')}-${colorScheme}-${width}.png`;
      await page.screenshot({ path: join(folder, name), animations: 'disabled' });
    }
    await page.close();
  }
}
await browser.close();
served.close();
