// A thread that plays, with the memory that plays take.
import { setFlagsFromString } from 'node:v8'
import { Worker, type WorkerOptions } from 'node:worker_threads'

// Of the young generation, which has three such spaces.
const SEMI_SPACE_MB = 64

/**
 * A play leaves some 50 MB of garbage at 100 requests a second: a young generation that holds it all is collected about once a play, when
 * next to nothing of it is in use. It has its size from the beginning, and everything begins in it: what grows old sooner holds on to what
 * is young, long after both are of no use.
 */
export function playThread(module: URL, { workerData }: Pick<WorkerOptions, 'workerData'> = {}): Worker {
  // They hold for threads that are started from now on.
  setFlagsFromString(`--min-semi-space-size=${SEMI_SPACE_MB}`)
  setFlagsFromString('--no-allocation-site-pretenuring')
  return new Worker(module, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 3 * SEMI_SPACE_MB } })
}
