import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { entryPoints } from './entry-points.ts';
import { root } from './page-list.ts';

const layout = {
  outputFileStrategy: 'modules',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  // The numbers that TypeDoc gives to equal headings are its own.
  useHTMLAnchors: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  sort: ['kind', 'source-order'],
  kindSortOrder: ['Function', 'Variable', 'Class', 'Interface', 'TypeAlias'],
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases'],
};

/** Writes a page for each entry point into the folder of the pages: what it exports, from the docstrings. */
export async function writeReference(pages: string, cache: string): Promise<void> {
  const sources = entryPoints.map(({ source }) => join(root, source));
  const app = await Application.bootstrapWithPlugins({
    entryPoints: sources,
    tsconfig: compilerOptions(cache, sources),
    basePath: root,
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: pages }],
    cleanOutputDir: false,
    readme: 'none',
    disableSources: true,
    excludePrivate: true,
    excludeExternals: true,
    // The compiler of the workspace has checked them.
    skipErrorChecking: true,
    logLevel: 'Error',
    ...layout,
  } as object);
  const project = await app.convert();
  if (project === undefined) throw new Error('the sources could not be read for the reference');
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const entry = entryPoints.find(({ source }) => nameByTypedoc(source) === module.name);
    if (entry === undefined) throw new Error(`${module.name} is no entry point`);
    module.name = entry.page.replace(/\.md$/, '');
  }
  await app.generateOutputs(project);
  rmSync(join(pages, 'README.md'));
  for (const { name, page } of entryPoints) {
    const file = join(pages, page);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^# .*/, `# ${name}`));
  }
}

/** TypeDoc names a module after its file. */
function nameByTypedoc(source: string): string {
  return source.replace(/(\/index)?\.ts$/, '');
}

function compilerOptions(cache: string, files: readonly string[]): string {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, 'tsconfig.reference.json');
  const extended = join(root, 'tsconfig.base.json');
  const options = { noEmit: true, composite: false };
  writeFileSync(file, JSON.stringify({ extends: extended, compilerOptions: options, files }));
  return file;
}
