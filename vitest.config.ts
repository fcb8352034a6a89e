import { defineConfig } from 'vitest/config'

// For what is about real time alone: on a machine that others share, one that stood still for a while is no finding. What is wrong is
// wrong each time; what was late gets some seconds for the machine to come back. Vitest marks what it repeated.
const retry = process.env['CI'] ? { count: 3, delay: 5000 } : 0

// What the tests run is no step of the job that runs them: it must not add to its summary, nor annotate its lines.
delete process.env['GITHUB_ACTIONS']

const opensSockets = ['contract', 'end-to-end', 'browser']

export default defineConfig({
  test: {
    // .ci/run takes its closing line from the file.
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.cache/test-results.json' }]] : ['default'],
    // Groups run one after the other: what measures time must not share the processors with what burns them.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: opensSockets.map((folder) => `test/${folder}/**`),
          testTimeout: 30_000,
          // Both processors, where there are two. Unit tests leave nothing behind in a module, so files of a worker share what they import.
          maxWorkers: '100%',
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          retry,
          include: ['test/contract/**/*.test.ts'],
          exclude: ['test/contract/architecture/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'cost',
          include: ['test/contract/architecture/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          retry,
          include: ['test/end-to-end/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
