import { defineConfig } from 'vite';

// biome-ignore lint/style/noDefaultExport: Vite asks for it
export default defineConfig({
  root: 'src',
  base: '/',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    // The policy of the page allows no data: addresses.
    assetsInlineLimit: 0,
    target: ['chrome120', 'firefox121', 'safari17'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
