import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // No measure of speed: a machine may be busy with much else.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // On a busy machine a worker takes its time to end.
    teardownTimeout: 60_000,
    // Two cores: while one file waits for a CRM or for a process of its own, another one works.
    maxWorkers: 4,
    // Nothing of ours is mocked or kept in module state: files may share the modules of their worker, which spares half of the time.
    isolate: false,
    // Node runs the sources as it runs the service, and keeps what it has compiled; nothing is mocked that would have to be transformed.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // A worker lives for minutes and sees much garbage: with more room for it a run takes 8 % less of the processor.
    execArgv: ['--min-semi-space-size=16', '--max-semi-space-size=64', '--initial-old-space-size=512'],
    globalSetup: ['test/run.ts'],
  },
})
