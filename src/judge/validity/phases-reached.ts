// Whether every phase was played.
import { atTime } from '../../kernel/wording.ts'
import type { Case, Window } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { again } from '../remedy/again.ts'

/** The first phase of the window that never began. */
export function unreachedPhase({ evidence }: Case, window: Window): string | undefined {
  return window.phases.find((name) => evidence.phases.find(({ phase }) => phase === name)?.startedMs === null)
}

export function phasesReached(run: Case): ValidityCheck[] {
  return run.evidence.phases.map(({ phase, startedMs }) => ({
    id: `phase_reached:${phase}`,
    ok: startedMs !== null,
    sentence: startedMs === null ? `${phase} was not reached` : `${phase} began ${atTime(Math.max(0, startedMs))}`,
    measured: startedMs,
    bound: null,
    unit: 'ms',
    bias: 'blind',
    remedy: startedMs === null ? `run it again, and let it finish: ${again(run)}` : null,
  }))
}
