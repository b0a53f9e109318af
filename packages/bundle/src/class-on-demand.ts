import { type Plugin, rolldown } from 'rolldown';

/**
 * Brings a class of another package along, `specifier#name`, in a function that makes it for its first instance: until
 * then nothing is made, and bundlers leave all of it out where nobody uses the class. Instances that the package
 * makes for whoever wants none of his own are left out in any case.
 */
export function classOnDemand(which: string): Plugin {
  const [specifier, className] = which.split('#');
  if (!specifier || !className) throw new Error(`${which} is no specifier#name`);
  let file: string | undefined;
  return {
    name: 'class-on-demand',
    async resolveId(source, importer) {
      if (source !== specifier) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      file = resolved?.id;
      return resolved;
    },
    load: (id) => (id === file ? classMaker(id, className) : null),
    buildEnd() {
      if (file === undefined) this.error(`nothing imports ${specifier}`);
    },
  };
}

async function classMaker(
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
  // `var Name = (function() {`, and the end of that.
  const [, body] = /^var \w+ = \(function\(\) (\{\n.*\n\})\)\(\);\s*$/s.exec(code) ?? [];
  if (body === undefined) throw new Error(`${file} is more than ${className}`);
  return { code: `function make() ${body}${constructorOf(className)}`, map: JSON.stringify(map) };
}

/** A function may be called with `new`, and what it answers is what that answers. */
const constructorOf = (className: string): string => `
let made;
export function ${className}(...given) {
  made ??= make();
  return new made(...given);
}
`;
