// What all client requests of one gateway share.
import type { Logger } from 'pino'
import type { Clock, Ms } from '../kernel/clock.ts'
import type { ServerSettings } from './config.ts'

export interface RequestFacts {
  upstream: string
  request: string
  status: number
  outcome: string
  reason: string
  attempts: number
}

export class Edge {
  readonly clock: Clock
  readonly settings: ServerSettings
  readonly #log: Logger
  /** Client requests between their head and the end of their answer. */
  inFlight = 0
  /** New requests are refused. */
  stopping = false

  constructor(clock: Clock, settings: ServerSettings, log: Logger) {
    this.clock = clock
    this.settings = settings
    this.#log = log
  }

  noteSlow(duration: Ms, facts: RequestFacts): void {
    if (duration <= this.settings.slowRequest) return
    const verySlow = duration > this.settings.verySlowRequest
    this.#log.warn({ ...facts, duration_ms: Math.round(duration) }, verySlow ? 'very slow request' : 'slow request')
  }
}
