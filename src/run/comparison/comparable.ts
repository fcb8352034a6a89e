// Whether two runs can be compared: the same scenario, played in the same way, on the same machine, to its end.
import { plural } from '../../kernel/wording.ts'
import type { Plan } from '../../plan/plan.ts'
import type { JudgedRun } from '../judged-run.ts'
import type { RunRecord } from '../bundle/record.ts'

/** Sentences; empty where they can be compared. */
export function whyIncomparable(before: JudgedRun, now: JudgedRun): string[] {
  return [...whyRecordsDiffer(before.record, now.record), ...[before, now].flatMap(whyNotWhole)]
}

/** The same of what is known without the journals. */
export function whyRecordsDiffer(before: RunRecord, now: RunRecord): string[] {
  const [was, is] = [before.plan, now.plan]
  if (was.scenario !== is.scenario) return [`they are of two scenarios, ${was.scenario} and ${is.scenario}`]
  return [...whyPlansDiffer(was, is), ...whyMachinesDiffer(before, now)]
}

/** What a plan asks of the gateway and of its surroundings. Its seed, its criteria and the gateway's settings may differ. */
const parts: Record<string, (plan: Plan) => unknown> = {
  'another rate': ({ load }) => [load.rate, load.arrivals],
  'other routes': ({ load }) =>
    load.mix.map(({ route, weight, method, reaches, during, probe }) => [route, weight, method, reaches, during, probe?.count]),
  'other phases': ({ phases }) => phases.map(({ name, startMs, endMs, warmUp, saturation }) => [name, startMs, endMs, warmUp, saturation]),
  'other faults': ({ faults }) => faults.map(({ phase, startMs, endMs, upstream, fault }) => [phase, startMs, endMs, upstream, fault]),
  'other upstreams': ({ upstreams }) => Object.keys(upstreams).toSorted(),
}

function whyPlansDiffer(was: Plan, is: Plan): string[] {
  const others = Object.entries(parts).filter(([, part]) => JSON.stringify(part(was)) !== JSON.stringify(part(is)))
  if (others.length === 0) return []
  const rates = [was, is].map(
    ({ load }) =>
      `${Math.round(Math.max(0, ...load.rate.map(({ startPerSecond, endPerSecond }) => Math.max(startPerSecond, endPerSecond))))}/s`,
  )
  return others.map(([words]) => `they have ${words}${words === 'another rate' ? `: ${rates.join(' and ')} at most` : ''}`)
}

// A restart of a virtual machine may change what it says of its memory by a little.
const SAME_MEMORY = 0.95

function whyMachinesDiffer({ host: was, toxiproxy: proxyBefore }: RunRecord, { host: is, toxiproxy: proxyNow }: RunRecord): string[] {
  const why: string[] = []
  if (was.cpu !== is.cpu) why.push(`they ran on different processors, ${was.cpu} and ${is.cpu}`)
  if (was.cores !== is.cores) why.push(`they ran on ${plural(was.cores, 'core')} and ${plural(is.cores, 'core')}`)
  if (Math.min(was.memMiB, is.memMiB) < SAME_MEMORY * Math.max(was.memMiB, is.memMiB))
    why.push(`they ran with ${was.memMiB} MiB and ${is.memMiB} MiB of memory`)
  if (proxyBefore.kind !== proxyNow.kind) why.push(`they went through different proxies, ${proxyBefore.kind} and ${proxyNow.kind}`)
  return why
}

function whyNotWhole({ record, evidence }: JudgedRun): string[] {
  return evidence.end.reason === 'complete' ? [] : [`the run of ${record.startedAt} did not come to its end`]
}
