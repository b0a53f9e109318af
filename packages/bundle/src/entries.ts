/** What of a manifest says which files a package is entered by, and what it is installed with. */
export interface Manifest {
  readonly exports?: Readonly<
    Record<string, string | { readonly types?: string; readonly default?: string }>
  >;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The sources by the names of the files that they become: `index` for `./dist/index.js`. */
export function entriesOf({ exports = {}, bin = {} }: Manifest): Readonly<Record<string, string>> {
  const files = [
    ...Object.values(exports).map((target) =>
      typeof target === 'string' ? target : (target.default ?? ''),
    ),
    ...Object.values(bin),
  ];
  const entries: Record<string, string> = {};
  for (const file of files) {
    const [, name] = /^\.\/dist\/(.+)\.js$/.exec(file) ?? [];
    if (name !== undefined) entries[name] = `src/${name}.ts`;
  }
  return entries;
}
