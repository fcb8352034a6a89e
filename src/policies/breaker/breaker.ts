// The circuit breaker of one upstream. It keeps no timer: what its state is follows from what happened and from the clock.
//
//            a trip rule says so                     recovery has elapsed, and a call asks
//   closed ───────────────────────▶ open ──────────────────────────────────────────────────▶ half_open
//     ▲                              ▲                                                            │
//     │                              └──────── a probe fails, or does not return in time ─────────┤
//     └─────────────────────────────────────── `successes` probes in a row ───────────────────────┘
//
// Every admission gets a ticket that names the generation it belongs to, and every change of state begins a new generation. A result
// with an old ticket is counted as late and nothing more: it moves no state, and neither frees nor mints a probe's place
// (the scheme of sony/gobreaker). Results count when they end, in the window of that moment, so slow failures are seen.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { BreakerSnapshot, BreakerTotals, Transition } from './snapshot.ts'
import { type Circuit, CLOSED, firstLost, foresee, FREE, halfOpen, type SavedBreaker } from './state.ts'
import type { OutcomeClass } from '../classifier.ts'
import { Recovery } from './recovery.ts'
import type { UpstreamPolicies } from '../settings.ts'
import type { TripRule } from './trip/trip-rule.ts'
import { tripRules } from './trip/trip-rules.ts'

/** An admission: 0 when refused. To be handed to `record` exactly once. */
export type Ticket = number

type Settings = NonNullable<UpstreamPolicies['breaker']> & { probeLease: Ms }

// Ticket = generation × PLACES + place: 0 an ordinary call, 1 … a probe, by the index of its lease.
const PLACES = 1024

export class Breaker {
  readonly #upstream: string
  readonly #settings: Settings
  readonly #rules: readonly TripRule[]
  readonly #timed: boolean
  readonly #recovery: Recovery
  readonly #onTransition: ((transition: Transition) => void) | undefined
  readonly #owners = new Set<string>()
  readonly #totals: BreakerTotals = { admitted: 0, rejected: 0, success: 0, failure: 0, neutral: 0, late: 0 }
  #circuit: Circuit = CLOSED
  /** The ticket of an ordinary call of this generation. */
  #ordinary: Ticket = PLACES
  #lastFailureAt: Ms | null = null

  constructor(upstream: string, settings: Settings, random: Random, onTransition?: (transition: Transition) => void) {
    this.#upstream = upstream
    this.#settings = settings
    this.#rules = tripRules(settings)
    this.#timed = this.#rules.some(({ timed }) => timed)
    this.#recovery = new Recovery(settings, random)
    this.#onTransition = onTransition
  }

  /** A ticket for one call, or 0: the breaker is open, or all its probes are under way. Nobody waits. */
  admit(now: Ms): Ticket {
    if (this.#circuit !== CLOSED) return this.#admitProbe(now)
    this.#totals.admitted++
    return this.#ordinary
  }

  /** What became of an admitted call that took `durationMs` and ended at `now`. */
  record(ticket: Ticket, outcome: OutcomeClass, durationMs: Ms, now: Ms): void {
    if (this.#circuit === CLOSED && ticket === this.#ordinary) this.#recordCall(outcome, durationMs, now)
    else if (!this.isCurrent(ticket, now)) this.#totals.late++
    else if (this.#circuit.is === 'half_open') this.#recordProbe(this.#circuit, ticket % PLACES, outcome, durationMs, now)
  }

  /** The probe begins, or goes on with a body, only now: its lease ends at `until`, or a usual lease from now. */
  renew(ticket: Ticket, now: Ms, until: Ms = now + this.#settings.probeLease): void {
    if (this.#circuit.is === 'half_open' && this.isCurrent(ticket, now)) this.#circuit.leases[(ticket % PLACES) - 1] = until
  }

  isProbe(ticket: Ticket): boolean {
    return ticket % PLACES !== 0
  }

  /** Whether the circuit is still as it was when this ticket was given. */
  isCurrent(ticket: Ticket, now: Ms): boolean {
    this.#loseProbes(now)
    return ticket - (ticket % PLACES) === this.#ordinary
  }

  /** Whether a success may be recorded with any `now`: reading a clock costs more than all the rest of it. */
  get timeless(): boolean {
    return this.#circuit === CLOSED && !this.#timed
  }

  isClosed(): boolean {
    return this.#circuit === CLOSED
  }

  /** Until the next probe may be admitted; 0 when that is now, or hangs on a probe under way. */
  retryAfter(now: Ms): Ms {
    const circuit = foresee(this.#circuit, now, this.#recovery.next)
    return circuit.is === 'open' ? Math.max(0, circuit.until - now) : 0
  }

  snapshot(now: Ms): BreakerSnapshot {
    const circuit = foresee(this.#circuit, now, this.#recovery.next)
    const rule = this.#rules[0]!
    return {
      state: circuit.is,
      failureCount: rule.count(now),
      failureThreshold: rule.threshold,
      successCount: circuit.is === 'half_open' ? circuit.successes : 0,
      successThreshold: this.#settings.successes,
      openedAt: circuit.is === 'open' ? circuit.openedAt : null,
      lastFailureAt: this.#lastFailureAt,
      totals: { ...this.#totals },
    }
  }

  /** Closes it, whatever was known; results that are under way become late. Owners that force it open keep it so. */
  reset(now: Ms): void {
    if (this.#owners.size > 0) return
    for (const rule of this.#rules) rule.clear()
    this.#recovery.restart()
    this.#become(CLOSED, 'reset', now)
  }

  /** Opens it until every owner that asked for this has called `unforce`. */
  force(owner: string, now: Ms): void {
    this.#owners.add(owner)
    this.#become({ is: 'open', openedAt: now, until: Number.POSITIVE_INFINITY }, 'forced', now)
  }

  unforce(owner: string, now: Ms): void {
    if (this.#owners.delete(owner)) this.reset(now)
  }

  save(now: Ms): SavedBreaker {
    const circuit = foresee(this.#circuit, now, this.#recovery.next)
    if (circuit.is === 'closed' || this.#owners.size > 0) return { state: 'closed' }
    if (circuit.is === 'open') return { state: 'open', openedAt: circuit.openedAt, until: circuit.until, step: this.#recovery.step }
    // Probes under way are lost with the process: the restored breaker may send new ones at once.
    return { state: 'open', openedAt: now, until: now, step: this.#recovery.step }
  }

  /** Takes up a saved state, on a fresh breaker. An opening that would last longer than any could (the machine restarted) is cut to that. */
  restore(saved: SavedBreaker, now: Ms): void {
    if (saved.state === 'closed') return
    const { recoveryMax, recoveryJitter } = this.#settings
    const longest = recoveryMax * (1 + recoveryJitter)
    for (let step = 0; step < saved.step; step++) this.#recovery.take()
    this.#circuit = { is: 'open', openedAt: Math.min(saved.openedAt, now), until: Math.min(saved.until, now + longest) }
    this.#ordinary += PLACES
  }

  #admitProbe(now: Ms): Ticket {
    this.#loseProbes(now)
    const { probes, probeLease } = this.#settings
    if (this.#circuit.is === 'open' && now >= this.#circuit.until) this.#become(halfOpen(probes), 'recovery_elapsed', now)
    // A listener may have closed it again.
    if (this.#circuit.is === 'closed') return this.admit(now)
    const free = this.#circuit.is === 'half_open' ? this.#circuit.leases.indexOf(FREE) : -1
    if (this.#circuit.is === 'open' || free < 0) {
      this.#totals.rejected++
      return 0
    }
    this.#circuit.leases[free] = now + probeLease
    this.#totals.admitted++
    return this.#ordinary + free + 1
  }

  #recordCall(outcome: OutcomeClass, durationMs: Ms, now: Ms): void {
    if (outcome === 'neutral' || outcome === 'answered') {
      this.#totals.neutral++
      return
    }
    const failed = outcome === 'failure'
    this.#totals[outcome]++
    if (failed) this.#lastFailureAt = now
    // Every rule counts every call; the first that trips names the cause.
    let tripped: TripRule | undefined
    for (const rule of this.#rules) if (rule.record(failed, durationMs, now)) tripped ??= rule
    if (tripped) this.#open(tripped.cause, now, tripped)
  }

  #recordProbe(circuit: Circuit & { is: 'half_open' }, place: number, outcome: OutcomeClass, durationMs: Ms, now: Ms): void {
    circuit.leases[place - 1] = FREE
    const slow = this.#settings.slowRate !== undefined && durationMs > this.#settings.slowRate.over
    if (outcome === 'neutral') this.#totals.neutral++
    else if (outcome === 'failure' || slow) {
      this.#totals.failure++
      this.#lastFailureAt = now
      this.#open('probe_failed', now)
    } else {
      this.#totals.success++
      circuit.successes++
      if (circuit.successes < this.#settings.successes) return
      this.#recovery.restart()
      for (const rule of this.#rules) rule.clear()
      this.#become(CLOSED, 'probes_succeeded', now)
    }
  }

  /** A probe whose lease has ended failed at that moment. */
  #loseProbes(now: Ms): void {
    if (this.#circuit.is !== 'half_open') return
    const lost = firstLost(this.#circuit)
    if (lost > now) return
    this.#lastFailureAt = lost
    this.#open('probe_lost', lost)
  }

  #open(cause: Transition['cause'], at: Ms, rule?: TripRule): void {
    this.#become({ is: 'open', openedAt: at, until: at + this.#recovery.take() }, cause, at, rule)
  }

  #become(next: Circuit, cause: Transition['cause'], at: Ms, rule: TripRule = this.#rules[0]!): void {
    const from = this.#circuit.is
    this.#circuit = next
    this.#ordinary += PLACES
    if (from === next.is || !this.#onTransition) return
    const { threshold } = rule
    try {
      this.#onTransition({ upstream: this.#upstream, from, to: next.is, cause, at, failures: rule.count(at), threshold })
    } catch {
      // The breaker has already moved; a listener's defect is not the upstream's.
    }
  }
}
