// The alerts that a criterion is about, and the fault that they are measured from.
import * as z from 'zod'
import type { AlertSpell } from '../../evidence/events/alert.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan, PlannedFault } from '../../plan/plan.ts'
import type { Case } from '../finding/raw-finding.ts'
import { faultTimes } from '../measure/fault-window.ts'
import { spanMs } from '../writing/fields.ts'

/** `rule`: absent for an alert of any rule. */
export const ofAlert = { rule: z.string().exactOptional(), phase: z.string(), withinMs: spanMs }

export const NO_ALERTS = 'the gateway told of no alert at all'
export const tellAlerts = 'let the gateway tell its alerts on its event stream; of the reference gateway, set services.alerts'

export const alertWords = (rule?: string): string => (rule === undefined ? 'an alert' : `the alert ${rule}`)

export function spellsOf({ evidence }: Case, rule?: string): AlertSpell[] {
  return evidence.alerts.filter((alert) => rule === undefined || alert.rule === rule)
}

export interface FaultSpan {
  /** When the first fault of the phase was asked for, and when it was on. */
  requestedMs: Ms
  onMs: Ms
  /** When the last one was off; null when it never was. */
  clearedMs: Ms | null
}

/** Undefined where no fault of the phase was seen to act. */
export function faultSpan({ plan, evidence }: Case, phase: string): FaultSpan | undefined {
  const faults = plan.faults.filter((fault) => fault.phase === phase).toSorted((a, b) => a.startMs - b.startMs)
  const first = faults.find((fault) => faultTimes(evidence, fault).bitMs !== null)
  if (!first) return undefined
  const { requestedMs, acknowledgedMs, bitMs } = faultTimes(evidence, first)
  // The first sign of it is the earlier proof.
  const onMs = Math.min(acknowledgedMs ?? bitMs!, bitMs!)
  const cleared = faults.map((fault) => faultTimes(evidence, fault).clearedMs)
  const clearedMs = cleared.includes(null) ? null : Math.max(...cleared.map(Number))
  return { requestedMs: requestedMs ?? onMs, onMs, clearedMs }
}

/** Upstreams that a fault of the phase is on. */
export function upstreamsHit({ faults }: Plan, phase: string): string[] {
  return faults.flatMap((fault: PlannedFault) => (fault.phase === phase && fault.upstream !== undefined ? [fault.upstream] : []))
}
