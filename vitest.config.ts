import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{bench,lib,functions,local,examples,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests start servers and processes of their own: three files at once, of which one or two wait, is what a small machine carries.
    maxWorkers: 3,
  },
});
