// Threads that play trials. Results come back in the order of the trials, whichever ends first.
//
//   trials ──▶ │t1 t2 t3 …│ ──▶ worker ──▶ result, to its place
//                            └▶ worker ──▶ result, to its place
import type { Worker } from 'node:worker_threads'
import { type ErrorCode, GatecrashError } from '../../kernel/errors.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import type { Calibration } from '../../simulation/calibration/calibration.ts'
import type { TuningPlanOptions } from '../trial/candidate-plan.ts'
import type { Trial, TrialResult } from '../trial/trial.ts'
import { playThread } from './play-thread.ts'

/** What a worker is started with. Plain data. */
export interface WorkerSetup {
  /** Of the scenarios. */
  files: readonly string[]
  plan: TuningPlanOptions
  calibration: Calibration | undefined
}

export type FromWorker = { is: 'ready' } | { is: 'played'; result: TrialResult } | { is: 'failed'; code: ErrorCode; message: string }

export interface TrialPool extends AsyncDisposable {
  /**
   * Plays trials; `onResult` hears of each as it ends. One call at a time.
   * @throws GatecrashError for what a worker throws; the signal's reason, once it is aborted
   */
  play(trials: readonly Trial[], onResult: (trial: Trial, result: TrialResult) => void): Promise<TrialResult[]>
}

export async function startPool(setup: WorkerSetup, { workers, signal }: { workers: number; signal: AbortSignal }): Promise<TrialPool> {
  const threads = Array.from({ length: workers }, () => startThread(setup))
  const end = async (): Promise<void> => void (await Promise.all(threads.map(({ worker }) => worker.terminate())))
  try {
    await Promise.all(threads.map(({ next }) => next()))
  } catch (error) {
    await end()
    throw error
  }
  return {
    async play(trials, onResult) {
      signal.throwIfAborted()
      const aborted = Promise.withResolvers<never>()
      const abort = (): void => aborted.reject(signal.reason as Error)
      signal.addEventListener('abort', abort, { once: true })
      const results: TrialResult[] = []
      let begun = 0
      const work = async ({ worker, next }: Thread): Promise<void> => {
        while (begun < trials.length && !signal.aborted) {
          const at = begun++
          const trial = trials[at]!
          const answered = next()
          worker.postMessage(trial)
          const answer = await answered
          if (answer.is === 'failed') throw new GatecrashError(answer.code, answer.message)
          if (answer.is !== 'played') continue
          results[at] = answer.result
          onResult(trial, answer.result)
        }
      }
      try {
        await Promise.race([Promise.all(threads.map(work)), aborted.promise])
      } finally {
        signal.removeEventListener('abort', abort)
      }
      return results
    },
    [Symbol.asyncDispose]: end,
  }
}

interface Thread {
  worker: Worker
  /** Its next message. */
  next: () => Promise<FromWorker>
}

function startThread(setup: WorkerSetup): Thread {
  const worker = playThread(moduleBeside(import.meta, './worker'), { workerData: setup })
  let waiting: PromiseWithResolvers<FromWorker> | undefined
  let isOver: Error | undefined
  const over = (error: Error): void => {
    isOver = error
    waiting?.reject(error)
  }
  worker.on('message', (message: FromWorker) => waiting?.resolve(message))
  worker.on('error', over)
  worker.on('exit', () => over(new GatecrashError('internal', 'a thread that plays trials ended')))
  return {
    worker,
    next() {
      if (isOver) return Promise.reject(isOver)
      waiting = Promise.withResolvers<FromWorker>()
      // Somebody waits for it, or the pool is over.
      waiting.promise.catch(() => {})
      return waiting.promise
    },
  }
}
