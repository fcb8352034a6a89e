// Whether every process of the stage lived as long as it was meant to.
import { type ProcessEdge, deathsOf } from '../../evidence/events/process.ts'
import { atTime } from '../../kernel/wording.ts'
import type { Case, Window } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { again } from '../remedy/again.ts'

type Death = ProcessEdge

/** The first process that ended by itself before the window did. */
export function deathBefore({ evidence }: Case, window: Window): Death | undefined {
  return deathsOf(evidence.processes).find(({ atMs }) => atMs < window.toMs)
}

export function deathText({ role, atMs, code, signal, stderr }: Death): string {
  const how = signal ?? (code === null ? undefined : `code ${code}`)
  return `${role} ended by itself ${atTime(atMs)}${how === undefined ? '' : ` (${how})`}${stderr === '' ? '' : `: ${stderr.split('\n').at(-1)}`}`
}

export function processesLived(run: Case): ValidityCheck[] {
  return deathsOf(run.evidence.processes).map((death) => ({
    id: `process:${death.role}`,
    ok: false,
    sentence: deathText(death),
    measured: death.atMs,
    bound: null,
    unit: 'ms',
    bias: 'blind',
    remedy: `see the last lines of ${death.role} in the journal, and run it again: ${again(run)}`,
  }))
}
