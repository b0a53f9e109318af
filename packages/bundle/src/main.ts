#!/usr/bin/env node
// Makes one file of each entry of the package in the working directory, from its sources.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';

const { values } = parseArgs({
  options: { together: { type: 'string' }, shared: { type: 'string' }, class: { type: 'string' } },
});
const folder = process.cwd();
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
await bundle(folder, manifest, values);
