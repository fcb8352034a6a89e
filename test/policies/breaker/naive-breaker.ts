// A circuit breaker written to be obviously right and nothing else: it keeps every call it ever saw in plain lists, and looks at all of them
// each time. What the real one does with rings, permits in numbers and laziness must come to the same.
import type { BreakerSettings } from '../../../src/policies/breaker/settings.ts'
import type { AttemptClass } from '../../../src/policies/classifier.ts'

type Settings = BreakerSettings & { probeLease: number }

interface Admission {
  era: number
  probe: boolean
  lostAt: number
  ended: boolean
}

interface Ended {
  failed: boolean
  durationMs: number
  at: number
}

export class NaiveBreaker {
  readonly log: string[] = []
  state: 'closed' | 'open' | 'half_open' = 'closed'
  readonly totals = { admitted: 0, rejected: 0, success: 0, failure: 0, neutral: 0, late: 0 }
  readonly #settings: Settings
  #admissions: Admission[] = []
  #sinceClosed: Ended[] = []
  #era = 0
  #openedAt = 0
  #openings = 0
  #successes = 0

  constructor(settings: Settings) {
    this.#settings = settings
  }

  admit(now: number): Admission | undefined {
    this.#lapse(now)
    if (this.state === 'open' && now >= this.#openedAt + this.#recovery()) {
      this.#successes = 0
      this.#enter('half_open', now)
    }
    const probing = this.#probesOut().length
    if (this.state === 'open' || (this.state === 'half_open' && probing >= this.#settings.probes)) {
      this.totals.rejected++
      return undefined
    }
    this.totals.admitted++
    const admission = { era: this.#era, probe: this.state === 'half_open', lostAt: now + this.#settings.probeLease, ended: false }
    this.#admissions.push(admission)
    return admission
  }

  record(admission: Admission, outcome: AttemptClass, durationMs: number, now: number): void {
    this.#lapse(now)
    admission.ended = true
    if (admission.era !== this.#era) {
      this.totals.late++
    } else if (!admission.probe) {
      if (outcome === 'neutral' || outcome === 'alive') this.totals.neutral++
      else {
        this.totals[outcome]++
        this.#sinceClosed.push({ failed: outcome === 'failure', durationMs, at: now })
        if (this.#trips(now)) this.#open(now)
      }
    } else {
      const slow = this.#settings.slowRate && durationMs > this.#settings.slowRate.over
      if (outcome === 'neutral') this.totals.neutral++
      else if (outcome === 'failure' || slow) {
        this.totals.failure++
        this.#open(now)
      } else {
        this.totals.success++
        this.#successes++
        if (this.#successes >= this.#settings.successes) this.#close(now)
      }
    }
  }

  reset(now: number): void {
    this.#close(now)
  }

  shown(now: number): string {
    const firstLost = Math.min(...this.#probesOut().map(({ lostAt }) => lostAt))
    if (this.state === 'half_open' && firstLost <= now) return now >= firstLost + this.#recovery(this.#openings + 1) ? 'half_open' : 'open'
    return this.state === 'open' && now >= this.#openedAt + this.#recovery() ? 'half_open' : this.state
  }

  #trips(now: number): boolean {
    const { failures, within, failureRate, slowRate } = this.#settings
    const calls = this.#sinceClosed
    const recent = (span: number): Ended[] => calls.filter(({ at }) => Math.floor(now / (span / 10)) - Math.floor(at / (span / 10)) < 10)
    if (failures > 0 && within === undefined && calls.length >= failures && calls.slice(-failures).every(({ failed }) => failed))
      return true
    if (failures > 0 && within !== undefined && recent(within).filter(({ failed }) => failed).length >= failures && calls.at(-1)!.failed)
      return true
    const share = (
      rule: { ratio: number; minimum: number; within: number; calls?: number | undefined },
      hit: (call: Ended) => boolean,
    ): boolean => {
      const window = rule.calls === undefined ? recent(rule.within) : calls.slice(-rule.calls)
      return window.length >= rule.minimum && window.filter(hit).length / window.length >= rule.ratio
    }
    if (failureRate && share(failureRate, ({ failed }) => failed)) return true
    return slowRate !== undefined && share(slowRate, ({ durationMs }) => durationMs > slowRate.over)
  }

  #probesOut(): Admission[] {
    return this.#admissions.filter(({ era, probe, ended }) => era === this.#era && probe && !ended)
  }

  #lapse(now: number): void {
    const lost = this.#probesOut().filter(({ lostAt }) => lostAt <= now)
    if (lost.length > 0) this.#open(Math.min(...lost.map(({ lostAt }) => lostAt)))
  }

  #recovery(opening = this.#openings): number {
    const { recovery, recoveryGrowth, recoveryMax } = this.#settings
    let span = recovery
    for (let turn = 1; turn < opening; turn++) span *= recoveryGrowth
    return Math.min(span, recoveryMax)
  }

  #open(at: number): void {
    this.#openedAt = at
    this.#openings++
    this.#enter('open', at)
  }

  #close(at: number): void {
    this.#openings = 0
    this.#sinceClosed = []
    this.#enter('closed', at)
  }

  #enter(state: NaiveBreaker['state'], at: number): void {
    if (state !== this.state) this.log.push(`${this.state}>${state}@${at}`)
    this.state = state
    this.#era++
  }
}
