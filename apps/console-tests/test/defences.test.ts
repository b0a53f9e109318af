import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startConsole } from '@twiceproof/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

let evil: Server;
let evilPort: number;

beforeAll(async () => {
  evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>evil</title><p>a page of somebody else');
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  evilPort = (evil.address() as AddressInfo).port;
});
afterAll(async () => {
  evil.closeAllConnections();
  await new Promise((resolve) => evil.close(resolve));
});

test('without a link, or with one that was used, there is nothing to see but how to get in', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const link = application.running.link();
  const first = await bench.browser().newPage();
  await first.goto(link);
  await first.getByText('p-1').waitFor();
  expect(first.url()).not.toContain('token');
  await first.reload();
  await first.getByText('p-1').waitFor();

  const others = await bench.browser().newContext();
  const page = await others.newPage();
  for (const address of [
    application.running.address,
    link,
    `${application.running.address}/#token=x`,
  ]) {
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByRole('heading', { name: 'This browser is not signed in' }).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Enter in the terminal');
    expect(await page.content()).not.toContain('p-1');
  }
  await others.close();
  await first.close();
});

test('a link opened in a page that is signed out signs it in', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const context = await bench.browser().newContext();
  const page = await context.newPage();
  await page.goto(application.running.address);
  await page.getByRole('heading', { name: 'This browser is not signed in' }).waitFor();
  await page.goto(application.running.link());
  await page.getByText('p-1').waitFor();
  await context.close();
});

test('a page under a name that points here (DNS rebinding) gets nothing', async () => {
  const application = await bench.application();
  const { port } = new URL(application.running.address);
  const page = await bench.browser().newPage();
  const answer = await page.goto(`http://evil.test:${port}/`);
  expect(answer!.status()).toBe(403);
  expect(await answer!.json()).toMatchObject({ code: 'HOST_REFUSED' });
  await page.close();
});

test('a page of somebody else can neither read, change, frame nor script it', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const { page, complaints } = await bench.operator(application);
  const { address } = application.running;
  // The same site for browsers, which do not tell ports apart: the cookie comes along.
  for (const origin of [`http://127.0.0.1:${evilPort}`, `http://evil.test:${evilPort}`]) {
    const other = await page.context().newPage();
    await other.goto(origin);
    const outcomes = await other.evaluate(async (address) => {
      const attempt = async (path: string, init: RequestInit) => {
        try {
          const response = await fetch(address + path, { credentials: 'include', ...init });
          return response.type === 'opaque' ? 'opaque' : response.status;
        } catch {
          return 'refused';
        }
      };
      const frame = document.createElement('iframe');
      const framed = new Promise((resolve) => {
        frame.onload = () => resolve('loaded');
      });
      frame.src = `${address}/`;
      document.body.append(frame);
      await framed;
      return {
        read: await attempt('/api/records', {}),
        readBlindly: await attempt('/api/records', { mode: 'no-cors' }),
        change: await attempt('/api/delete', { method: 'POST', body: '{}' }),
        changeBlindly: await attempt('/api/delete', {
          method: 'POST',
          mode: 'no-cors',
          body: '{}',
        }),
        frame: frame.contentDocument === null ? 'unreadable' : 'readable',
      };
    }, address);
    expect(outcomes).toEqual({
      read: 'refused',
      // Neither can be read, and the server did nothing for it.
      readBlindly: expect.stringMatching(/opaque|refused/),
      change: 'refused',
      changeBlindly: expect.stringMatching(/opaque|refused/),
      frame: 'unreadable',
    });
    await other.close();
  }
  expect(application.audited.map(({ action }) => action)).toEqual(['sign-in']);
  expect((await application.idempotency.records.list()).records).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test('the policy of the page refuses scripts, styles and requests that are not its own', async () => {
  const application = await bench.application();
  const page = await bench.browser().newPage();
  await page.goto(application.running.link());
  await page.locator('#records').waitFor();
  const outcome = await page.evaluate(async (evil) => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      violations.push(event.effectiveDirective);
    });
    const script = document.createElement('script');
    try {
      script.textContent = 'document.title = "owned"';
    } catch {
      violations.push('trusted types');
    }
    document.head.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.head.append(style);
    await fetch(evil).catch(() => {});
    const image = new Image();
    await new Promise((resolve) => {
      image.onerror = resolve;
      image.src = `${evil}/x.png`;
    });
    // The browser reports them when it gets round to it.
    for (let tries = 0; tries < 100 && new Set(violations).size < 4; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { violations, title: document.title, display: getComputedStyle(document.body).display };
  }, `http://127.0.0.1:${evilPort}`);
  expect(outcome.title).toBe('Twiceproof console');
  expect(outcome.display).toBe('block');
  expect(outcome.violations).toEqual(
    expect.arrayContaining(['trusted types', 'style-src-elem', 'connect-src', 'img-src']),
  );
  await page.close();
});

test('read-only, the page offers no action', async () => {
  const application = await bench.application({ readOnly: true });
  await application.execute('charge', 'p-1');
  const { page, row, record } = await bench.operator(application);
  await page.getByText('read-only', { exact: true }).waitFor();
  await row('p-1').click();
  await record.getByText('The console is read-only.').waitFor();
  expect(await record.getByRole('toolbar', { name: 'Actions' }).count()).toBe(0);
  await record.getByRole('button', { name: 'Show the result' }).waitFor();
});

test('when the console is stopped, the page says so, keeps what it shows, and goes on when it is back', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const { page, row } = await bench.operator(application, { isHurried: true });
  await row('p-1').waitFor();
  const port = Number(new URL(application.running.address).port);
  await application.running.close();
  await page.getByRole('button', { name: 'No answer' }).waitFor();
  expect(await row('p-1').isVisible()).toBe(true);
  const { idempotency, store } = application;
  const again = await startConsole({ idempotency, store, port, onAudit: () => {} });
  // It is another console: sessions end with the one that opened them.
  await page.getByRole('heading', { name: 'This browser is not signed in' }).waitFor();
  await page.goto(again.link());
  await row('p-1').waitFor();
  await again.close();
});
