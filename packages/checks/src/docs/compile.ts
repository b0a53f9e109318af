import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { command } from '../command.ts';
import { root } from '../workspace.ts';
import { type Diagnostic, diagnosticsOf } from './diagnostic.ts';
import type { Example } from './example.ts';
import { linkModules } from './linked-modules.ts';

export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  /** Where the JavaScript of an example is. */
  program(example: Example): string;
}

const folder = resolve(import.meta.dirname, '../../.cache/docs');

const options = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    rootDir: 'src',
    outDir: 'dist',
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    rewriteRelativeImportExtensions: false,
  },
  include: ['src'],
};

/** Compiles each example as a module of its own, in a project that can import every package. */
export async function compile(examples: readonly Example[]): Promise<Compiled> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  linkModules(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  const byFile = new Map(examples.map((example) => [`src/${moduleName(example)}.ts`, example]));
  for (const [file, { lines }] of byFile) {
    const text = lines.map((line) => line.text).join('\n');
    writeFileSync(join(folder, file), `${text}\nexport {};\n`);
  }
  const { output } = await command('tsc', ['-p', folder, '--pretty', 'false'], { cwd: folder });
  return {
    diagnostics: diagnosticsOf(output, byFile),
    program: (example) => join(folder, 'dist', `${moduleName(example)}.js`),
  };
}

function moduleName({ file, number }: Example): string {
  return `${file.replaceAll(/[^\w.-]/g, '-')}-line-${number}`;
}
