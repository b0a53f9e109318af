// Writes what is made from the registry: the names in the source, and the tables of the README.
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

for (const { path, text } of generatedFiles((path) => readFileSync(path, 'utf8'))) {
  writeFileSync(path, text);
}
