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

/** Examples with Nest's decorators, which are legacy ones, are a project apart. */
const projects = { src: {}, nest: { experimentalDecorators: true, emitDecoratorMetadata: true } };

const optionsOf = (room: keyof typeof projects) => ({
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    ...projects[room],
    rootDir: room,
    outDir: `dist/${room}`,
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    rewriteRelativeImportExtensions: false,
  },
  include: [room],
});

/** Compiles each example as a module of its own, in a project that can import every package. */
export async function compile(examples: readonly Example[]): Promise<Compiled> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  linkModules(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const diagnostics: Diagnostic[] = [];
  for (const room of ['src', 'nest'] as const) {
    const here = examples.filter((example) => roomOf(example) === room);
    const byFile = new Map(here.map((example) => [`${room}/${moduleName(example)}.ts`, example]));
    mkdirSync(join(folder, room));
    for (const [file, example] of byFile) {
      writeFileSync(join(folder, file), `${textOf(example)}\nexport {};\n`);
    }
    const project = join(folder, `tsconfig.${room}.json`);
    writeFileSync(project, JSON.stringify(optionsOf(room)));
    const { output } = await command('tsc', ['-p', project, '--pretty', 'false'], { cwd: folder });
    diagnostics.push(...diagnosticsOf(output, byFile));
  }
  return {
    diagnostics,
    program: (example) => join(folder, 'dist', roomOf(example), `${moduleName(example)}.js`),
  };
}

function roomOf(example: Example): keyof typeof projects {
  return /from '@nestjs\//.test(textOf(example)) ? 'nest' : 'src';
}

function textOf({ lines }: Example): string {
  return lines.map((line) => line.text).join('\n');
}

function moduleName({ file, number }: Example): string {
  return `${file.replaceAll(/[^\w.-]/g, '-')}-line-${number}`;
}
