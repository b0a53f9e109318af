import { type Plugin, rolldown } from 'rolldown';

/**
 * Brings a class of another package along as one expression without effects, so that bundlers leave all of it
 * out where nobody uses the class. Instances that the package makes for whoever wants none of his own are left out.
 * `which` is `specifier#name`.
 */
export function oneExpression(which: string): Plugin {
  const [specifier, className] = which.split('#');
  if (!specifier || !className) throw new Error(`${which} is no specifier#name`);
  let file: string | undefined;
  return {
    name: 'one-expression',
    async resolveId(source, importer) {
      if (source !== specifier) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      file = resolved?.id;
      return resolved;
    },
    load: (id) => (id === file ? expressionOf(id, className) : null),
    buildEnd() {
      if (file === undefined) this.error(`nothing imports ${specifier}`);
    },
  };
}

async function expressionOf(
  file: string,
  className: string,
): Promise<{ readonly code: string; readonly map: string }> {
  const entry = `${file}?${className}`;
  const build = await rolldown({
    input: entry,
    platform: 'neutral',
    treeshake: { manualPureFunctions: [className], propertyReadSideEffects: false },
    plugins: [
      {
        name: 'class-only',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) =>
          id === entry ? `export { ${className} as default } from ${JSON.stringify(file)};` : null,
      },
    ],
  });
  const { output } = await build.generate({
    format: 'iife',
    name: className,
    exports: 'default',
    sourcemap: 'hidden',
  });
  await build.close();
  const [{ code, map }] = output;
  const declaration = `var ${className} = (`;
  if (!code.startsWith(declaration)) throw new Error(`${file} is more than ${className}`);
  return {
    code: `export var ${className} = /* @__PURE__ */ (${code.slice(declaration.length)}`,
    map: JSON.stringify(map),
  };
}
