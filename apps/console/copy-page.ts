// Copies the built page to where it is shipped: node copy-page.ts <folder>
import { cpSync, rmSync } from 'node:fs';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('name the folder to copy the page to');
rmSync(target, { recursive: true, force: true });
cpSync(new URL('dist/page/', import.meta.url), target, { recursive: true });
