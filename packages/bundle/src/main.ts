#!/usr/bin/env node
// Makes one file of each entry of the package in the working directory, from its sources.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const folder = process.cwd();
await bundle(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
