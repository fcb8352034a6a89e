// What all client requests of one gateway share.
import type { Logger } from 'pino'
import type { Clock, Ms } from '../kernel/clock.ts'
import type { ServerSettings } from './config.ts'
import type { Upstream } from './upstream.ts'

/** How a client request ended. */
export interface Ending {
  /** 0 when no head was written. */
  status: number
  outcome: string
  /** Why it was no plain answer; `none` when it was one. */
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

  /** Takes note of a client request that has ended. */
  count(upstream: Upstream, request: string, ending: Ending, duration: Ms): void {
    upstream.counts.add(ending.outcome, ending.reason, ending.attempts, duration)
    if (duration <= this.settings.slowRequest) return
    const verySlow = duration > this.settings.verySlowRequest
    const facts = { upstream: upstream.name, request, ...ending, duration_ms: Math.round(duration) }
    this.#log.warn(facts, verySlow ? 'very slow request' : 'slow request')
  }
}
