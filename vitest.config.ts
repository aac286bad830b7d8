import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: while one file waits for a CRM or for a process of its own, another one works.
    maxWorkers: 3,
    // Nothing of ours is mocked or kept in module state: files may share the modules of their worker, which spares half of the time.
    isolate: false,
    globalSetup: ['test/run.ts'],
  },
})
