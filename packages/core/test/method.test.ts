import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { deployed } from './deployed.ts';
import type * as decorated from './fixtures/decorated.ts';

// Vitest does not parse standard decorators, so the class is built by the compiler that users have.
const out = mkdtempSync(join(tmpdir(), 'twiceproof-decorated-'));
const project = fileURLToPath(new URL('./fixtures', import.meta.url));
execFileSync('tsc', ['-p', project, '--outDir', out], { stdio: 'inherit' });
const built = pathToFileURL(join(out, 'core/test/fixtures/decorated.js')).href;
const { billingOf }: typeof decorated = await import(/* @vite-ignore */ built);

afterAll(() => rmSync(out, { recursive: true }));

describe('method', () => {
  it('wraps a decorated method, which keeps its `this`', async () => {
    const billing = billingOf(deployed().idempotency, 'EUR');
    expect(await billing.refund({ id: 'r1' }, 5)).toBe('r1: 5 EUR');
    expect(await billing.refund({ id: 'r1' }, 5)).toBe('r1: 5 EUR');
    expect(await billing.refund({ id: 'r2' }, 7)).toBe('r2: 7 EUR');
    expect(billing.refunds).toBe(2);
    expect(await billing.ping()).toBe('pong');
  });
});
