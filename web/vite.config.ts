import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Relative addresses: any static server, at any path, can serve the pages.
  base: './',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2020',
    outDir: 'dist',
    // The server sends `default-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['test/**/*.test.{ts,tsx}'], environment: 'node' },
});
