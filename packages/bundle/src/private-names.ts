import type { Plugin } from 'rolldown';

/** What a private method, accessor or function-valued field is declared by. */
const declaration = /#([a-zA-Z]\w*)(?=\(.*\) \{$| = (?:async )?(?:\(.*\)|\w+) =>)/gm;

/**
 * Keeps the names of private methods, which the minifier would shorten whatever it is told of names, and which stack
 * traces show. Meanwhile they are public names of as many characters, so that source maps stay true.
 */
export function keepPrivateNames(): Plugin {
  const names = new Set<string>();
  const namesAfter = (sign: '#' | '\\$'): RegExp =>
    new RegExp(`(?<![\\w$])${sign}(?=(?:${[...names].join('|')})(?![\\w$]))`, 'g');
  return {
    name: 'keep-private-names',
    renderChunk(code) {
      for (const [, name = ''] of code.matchAll(declaration)) names.add(name);
      if (names.size === 0) return null;
      if (namesAfter('\\$').test(code)) this.error('a public name is $ and a private one');
      return { code: code.replace(namesAfter('#'), '$'), map: null };
    },
    generateBundle(_, files) {
      if (names.size === 0) return;
      for (const file of Object.values(files)) {
        if (file.type === 'chunk') file.code = file.code.replace(namesAfter('\\$'), '#');
      }
    },
  };
}
