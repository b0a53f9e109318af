import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'vite';

const { resolve } = createRequire(import.meta.url);
const fonts = ['@fontsource-variable/ibm-plex-sans', '@fontsource/ibm-plex-mono'];

// biome-ignore lint/style/noDefaultExport: Vite asks for it
export default defineConfig({
  root: 'src',
  base: '/',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    // The policy of the page allows no data: addresses.
    assetsInlineLimit: 0,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What is bundled is published, and wants its licenses to be.
    license: { fileName: 'licenses/code.md' },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    {
      name: 'font-licenses',
      generateBundle() {
        for (const font of fonts) {
          const source = readFileSync(resolve(`${font}/LICENSE`));
          const fileName = `licenses/${font.split('/')[1]}.txt`;
          this.emitFile({ type: 'asset', fileName, source });
        }
      },
    },
  ],
});
