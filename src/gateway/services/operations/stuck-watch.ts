// Looks for stuck operations every so often, and tries those of the look before again. A look that fails, as while the store is away, is followed by the next.
import type { Logger } from 'pino'
import type { Clock } from '../../../kernel/clock.ts'
import { StoreAway } from '../../stores/store.ts'
import type { OperationLedger } from './ledger.ts'
import type { Operation } from './operation.ts'
import type { OperationsSettings } from './settings.ts'

export interface StuckWatchMeans {
  ledger: Pick<OperationLedger, 'markStuck' | 'again'>
  settings: Pick<OperationsSettings, 'every'>
  clock: Clock
  log: Logger
  /** Told of each that was marked. */
  marked: (operation: Operation) => void
  /** Told of each that is tried again. */
  again: (operation: Operation) => void
  /** Operations of one user that may be processing at once. */
  atMost: () => number
}

/** Ends once the signal is aborted, after the look that is under way. Never rejects. */
export async function watchStuck(means: StuckWatchMeans, signal: AbortSignal): Promise<void> {
  const { ledger, settings, clock, log, marked, again, atMost } = means
  while (!signal.aborted) {
    await clock.sleep(settings.every, signal).catch(() => {})
    if (signal.aborted) return
    try {
      for await (const operation of ledger.again(atMost())) {
        again(operation)
        if (signal.aborted) return
      }
      for await (const operation of ledger.markStuck()) {
        marked(operation)
        if (signal.aborted) return
      }
    } catch (error) {
      if (error instanceof StoreAway) log.warn({ err: error }, 'stuck operations could not be looked for: the store is away')
      else log.error({ err: error }, 'the look for stuck operations met a defect')
    }
  }
}
