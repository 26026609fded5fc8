import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{lib,functions,local,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests start servers and processes of their own: two files at once is what a small machine carries.
    maxWorkers: 2,
  },
});
