import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

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
    rollupOptions: {
      input: {
        index: page('index.html'),
        'toan-canh': page('toan-canh.html'),
        'quan-tri': page('quan-tri.html'),
        'in-dan': page('in-dan.html'),
      },
    },
  },
  // By number: a bare system may not know the name localhost, and the tests start a server too.
  server: { host: '127.0.0.1' },
  test: { include: ['test/**/*.test.{ts,tsx}'], environment: 'node' },
});
