// Takes the pictures of docs/console.md: node src/pictures.ts
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startConsole } from '@twiceproof/cli';
import { startPostgres } from '@twiceproof/engines';
import { launchChromium } from '@twiceproof/engines/chromium';
import { Pool } from 'pg';
import { signIn } from './operator.ts';
import { tellStory } from './story.ts';

const folder = join(import.meta.dirname, '../../../docs/pictures');
const sizes = [
  [400, 860],
  [1280, 800],
  [2000, 1100],
] as const;

mkdirSync(folder, { recursive: true });
const engine = await startPostgres({ version: 18, own: true });
const pool = new Pool({ connectionString: engine.url });
// The server ends connections when it stops.
pool.on('error', () => {});
const { store, idempotency } = await tellStory(pool);
const running = await startConsole({
  idempotency,
  store,
  environment: 'prod',
  label: 'postgres://shop@db.internal/shop',
  by: 'ada',
  links: {
    Jaeger: 'https://jaeger.example.com/trace/{traceId}',
    'Logs in Grafana': 'https://grafana.example.com/explore?left={recordId}',
  },
  onAudit: () => {},
});
const browser = await launchChromium();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of sizes) {
    const viewport = { width, height };
    const operator = await signIn(browser, running, { viewport, colorScheme });
    const { page, record, row, dialog } = operator;
    const picture = async (name: string) => {
      // A pointer, or a message that fades, is no part of the picture.
      await page.mouse.move(width / 2, 1);
      await page.waitForLoadState('networkidle');
      const path = join(folder, `console-${name}-${colorScheme}-${width}.png`);
      await page.screenshot({ path, animations: 'disabled' });
    };
    await page.keyboard.press('p');
    await row('pay-284391').waitFor();
    await page.getByText('Counted').waitFor({ state: width > 960 ? 'visible' : 'attached' });
    await page.keyboard.press('p');
    await picture('list');
    await row('pay-284391').click();
    await record.getByRole('heading', { name: 'Telemetry' }).waitFor();
    await picture('record');
    if (width === 1280) {
      await record.getByRole('button', { name: 'Complete' }).click();
      await dialog().getByLabel('Value').fill('{ "receipt": "rcpt_284391", "cents": 8450 }');
      await dialog().getByLabel('Reason').fill('charged by phone, OPS-412');
      await picture('complete');
    }
    if (width === 1280 && colorScheme === 'light') {
      await page.goto(`${running.address}/?operation=charge-payment&environment=prod&newer=1h`);
      await page.getByRole('button', { name: 'Release…' }).click();
      await dialog()
        .getByRole('heading', { name: /^Release \d/ })
        .waitFor();
      await dialog().getByLabel('Reason').fill('charged the wrong amount, OPS-413');
      await picture('bulk');
    }
    await operator.leave();
  }
}

await browser.close();
await running.close();
await pool.end();
await engine.stop();
