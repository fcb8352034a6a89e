import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { flags } from '../../../src/cli/flags/flags.ts'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { Untold } from '../../../src/criteria/finding/cause.ts'
import type { Observation } from '../../../src/criteria/finding/observation.ts'
import type { Evidence } from '../../../src/evidence/evidence.ts'
import type { Fault } from '../../../src/faults/fault.ts'
import { judge } from '../../../src/judge/judge.ts'
import type { Verdict } from '../../../src/judge/verdict.ts'
import { fromOutside, mute } from '../../criteria/measure/mute.ts'
import { stays } from '../../criteria/breaker/stories.ts'
import { errors, opens, recoveryP95, steadyP95 } from '../criteria.ts'
import { type Story, evidenceOf, ok, outage, planOf, rejected } from '../history.ts'

const COMMAND = 'npm run scenario -- gemini-outage --seed 7'

interface Way {
  criterion: Criterion
  story: Story
  perSecond?: number
  observe?: Observation
  command?: string
  change?: (evidence: Evidence) => void
  remedy: string
}

const attempts: Criterion = { kind: 'amplification', upstream: 'gemini', below: 3, during: ['outage'] }
const reset: Fault = {
  made: 'network',
  is: 'toxic',
  toxic: { type: 'timeout', attributes: { timeout: 0 } },
  stream: 'upstream',
  toxicity: 1,
}
const swallowed: Story = {
  plan: { faults: [{ ...outage, fault: reset }] },
  also: [{ type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' }],
  breaker: [],
}
const late: Story = { gemini: () => ({ ...ok, lateMs: 400, latencyMs: 450 }), breaker: [], plan: { faults: [] } }
const halfOpen = (): Story => {
  let count = 0
  const gemini = (dueMs: number) => (dueMs > 30_000 && dueMs < 36_000 && count++ % 4 !== 0 ? rejected : ok)
  return mute({ gemini, plan: { faults: [] } })
}
const gap: Story = { also: [{ type: 'note', t: 30_000, code: 'events_gap', text: 'two events are missing' }] }

const ways: Record<Untold | 'contradiction', readonly [Way, ...Way[]]> = {
  incomplete: [{ criterion: errors, story: { cutMs: 30_000 }, remedy: `run it again, and let it finish: ${COMMAND}` }],
  phase_not_reached: [
    {
      criterion: recoveryP95,
      story: {},
      change: ({ phases }) => void (phases.find(({ phase }) => phase === 'recovery')!.startedMs = null),
      remedy: `run it again, and let it finish: ${COMMAND}`,
    },
  ],
  fault_never_bit: [
    {
      criterion: recoveryP95,
      story: { faultSeen: false },
      remedy: 'send requests to gemini during outage: edit load.mix in scenarios/gemini-outage.ts',
    },
  ],
  fault_not_cleared: [
    {
      criterion: errors,
      story: {},
      change: ({ faults }) => void Object.assign(faults[0]!, { clearedMs: null, failed: 'the port was taken' }),
      remedy: `run it again, and see in its journal what kept F1 on: ${COMMAND}`,
    },
  ],
  load_not_delivered: [
    {
      criterion: errors,
      story: { gemini: (dueMs, index) => (dueMs > 30_000 && index % 3 === 0 ? 'not sent' : ok), breaker: [], plan: { faults: [] } },
      remedy: `lower the rate: ${COMMAND} --rate 20`,
    },
    {
      criterion: errors,
      story: { gemini: (dueMs, index) => (dueMs > 30_000 && index % 3 === 0 ? 'not sent' : ok), breaker: [], plan: { faults: [] } },
      command: 'npx gatecrash run ./mine.ts --seed 7 --rate 40 --gateway "node my.js --rate 9"',
      remedy: 'lower the rate: npx gatecrash run ./mine.ts --seed 7 --gateway "node my.js --rate 9" --rate 20',
    },
  ],
  attempts_unseen: [
    {
      criterion: attempts,
      story: swallowed,
      command: `${COMMAND} --toxiproxy docker`,
      remedy: `use the embedded Toxiproxy: ${COMMAND} --toxiproxy embedded`,
    },
    {
      criterion: attempts,
      story: swallowed,
      remedy: 'use faults of requests in place of faults of the network: edit phases in scenarios/gemini-outage.ts',
    },
  ],
  no_breaker_events: [
    {
      criterion: opens,
      story: mute({ gemini: fromOutside }),
      observe: 'events',
      command: `${COMMAND} --observe events`,
      remedy: `ask the traffic too: ${COMMAND} --observe both`,
    },
    { criterion: opens, story: gap, remedy: `let the traffic tell: ${COMMAND} --observe traffic` },
    {
      criterion: opens,
      story: mute(swallowed),
      remedy: 'let the gateway serve its breaker transitions as server-sent events at /api/v1/resilience/events',
    },
  ],
  partly_open: [
    {
      criterion: stays,
      story: halfOpen(),
      perSecond: 200,
      remedy: 'start the gateway with one worker (--gateway), or let its workers share their breakers',
    },
  ],
  harness_unhealthy: [
    {
      criterion: steadyP95,
      story: late,
      remedy: `measure the rate that this machine can send (npm run gatecrash -- doctor), and stay below it: ${COMMAND} --rate 20`,
    },
    {
      criterion: steadyP95,
      story: late,
      command: 'node /opt/gatecrash/src/cli/main.ts run gemini-outage --seed 7',
      remedy:
        'measure the rate that this machine can send (node /opt/gatecrash/src/cli/main.ts doctor), and stay below it: node /opt/gatecrash/src/cli/main.ts run gemini-outage --seed 7 --rate 20',
    },
  ],
  no_samples: [
    {
      criterion: { kind: 'latency', quantile: 0.95, outcomes: ['fallback'], belowMs: 300, upstream: 'gemini', during: ['outage'] },
      story: {},
      remedy: 'add a fault or a request that shows it: edit phases or load.mix in scenarios/gemini-outage.ts',
    },
    {
      criterion: { kind: 'attempts_at_most', upstream: 'gemini', most: 3, during: ['outage'] },
      story: { gemini: () => ({ ...ok, outcome: 'upstream_error', anonymous: true }), breaker: [] },
      remedy: 'pass the header x-request-id on to gemini',
    },
  ],
  too_few_samples: [
    {
      criterion: { ...steadyP95, quantile: 0.99 },
      story: {},
      perSecond: 12,
      remedy: `judge 3 runs together: ${COMMAND} --repeat 3`,
    },
    {
      criterion: { ...steadyP95, quantile: 0.999 },
      story: {},
      remedy: 'lengthen the phase steady to 75s (about 2,595 more samples): edit phases in scenarios/gemini-outage.ts',
    },
    {
      criterion: { kind: 'probes_at_most', upstream: 'gemini', most: 1 },
      story: {},
      remedy: `raise the rate: ${COMMAND} --rate 80`,
    },
  ],
  contradiction: [
    {
      criterion: errors,
      story: { gemini: (_, index) => (index % 3 === 0 ? { ...ok, answered: 503 } : ok) },
      remedy: 'mark fallbacks with the header x-gateway-fallback, and answer errors with a status from 400 on',
    },
  ],
}

async function shown({ criterion, story, perSecond = 40, observe = 'both', command = COMMAND, change }: Way): Promise<Verdict> {
  const plan = planOf([criterion], story.plan, perSecond)
  const evidence = await evidenceOf(story, plan)
  change?.(evidence)
  return judge(plan, evidence, new Map(), observe, command)
}

it.each(Object.entries(ways).flatMap(([cause, each]) => each.map((way, at) => ({ cause, at, ...way }))))(
  'says what to do about $cause ($at)',
  async ({ cause, at: _at, ...way }) => {
    const { findings } = await shown(way)
    expect(findings[0]).toMatchObject({ result: 'inconclusive', cause, remedy: way.remedy })
  },
)

it('says nothing of what is decided', async () => {
  const { findings } = await shown({ criterion: steadyP95, story: {}, remedy: '' })
  expect(findings[0]!.result).toBe('pass')
  expect(findings[0]!.remedy).toBeUndefined()
})

it('names only flags, scripts, phases and files that are there', () => {
  const remedies = Object.values(ways).flatMap((each) => each.map(({ remedy }) => remedy))
  const known = Object.values(flags).map(({ flag }) => flag.split(' ')[0])
  const named = (pattern: RegExp): string[] => remedies.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name!))
  for (const flag of named(/(--[a-z]+)/g)) expect(known).toContain(flag)
  for (const script of named(/npm run (\w+)/g)) expect(manifest.scripts).toHaveProperty(script)
  for (const file of named(/ in (\S+\.ts)$/g)) expect(existsSync(file), file).toBe(true)
  for (const phase of named(/(?:the phase|during) (\w+)/g)) expect(planOf().phases.map(({ name }) => name)).toContain(phase)
  expect(named(/(--[a-z]+)/g).length).toBeGreaterThan(5)
})

it('gives each check that weakens a run a command or a place to edit', async () => {
  const all = [...Object.values(ways).flat(), { criterion: opens, story: { breaker: [] }, remedy: '' } satisfies Way]
  const seen = new Map<string, string>()
  for (const way of all)
    for (const { id, ok: held, bias, remedy } of (await shown(way)).validity)
      if (!held && bias !== 'slower') seen.set(id.split(':')[0]!, remedy ?? '')
  expect(seen.size).toBeGreaterThan(5)
  // Its findings each have a remedy of their own.
  seen.delete('contradictions')
  for (const [id, remedy] of seen) expect(remedy, id).toMatch(/npm run |npx |: edit \S+ in |server-sent events at|at the base URL/)
})
