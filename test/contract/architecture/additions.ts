// One more of each family, as somebody would add it: the files that are new, and the lines that change in others.

export interface Addition {
  what: string
  /** Files touched, the table's included. CONTRIBUTING says the same. */
  files: number
  /** New files, by path. */
  add?: Record<string, string>
  /** Changes to files that exist: what stands there, and what is put in its place. */
  edit?: Record<string, [find: string, put: string][]>
}

export const additions: readonly Addition[] = [
  {
    what: 'criterion',
    files: 2,
    add: {
      'src/criteria/fallback-rate.ts': `// fallbackRate().during('outage').below('50%'): requests that a fallback answered, over all.
import * as z from 'zod'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, inPhases, named, ofAny, ofUpstream } from './writing/fields.ts'
import { judgeRate } from './measure/statistics/rate.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { countIn, requestsIn, windowOf } from './measure/scope.ts'
import { type Share, during, parseShare } from './writing/notation.ts'

export interface FallbackRateCriterion {
  during(...phases: string[]): FallbackRateCriterion
  below(limit: Share): WrittenCriterion
}

function build(scope: Scope = {}): FallbackRateCriterion {
  return {
    during: (...phases) => build({ ...scope, ...during(phases) }),
    below: (limit) => written({ kind: 'fallback_rate', below: parseShare(limit), ...scope }),
  }
}

export const fallbackRate = criterionType({
  kind: 'fallback_rate',
  doc: {
    written: "fallbackRate().during('outage').below('50%')",
    demands: 'Fewer requests than this share get a fallback.',
    over: 'named',
    counts: 'All requests.',
    samples: '5 for 50 %',
    undecided: 'The bounds of the share lie on both sides of the limit.',
  },
  fields: { below: z.number(), ...ofAny },
  build: { fallbackRate: (): FallbackRateCriterion => build() },
  relation: 'below',
  breaker: 'none',
  causes: ['too_little_goodput'],
  sentence: ({ upstream, during: phases }) => \`share of fallbacks\${ofUpstream(upstream)}\${inPhases(phases)}\`,
  phases: named,
  needs: ({ below }) => samplesFor(below),

  judge({ upstream, below, ...criterion }, { plan, evidence }) {
    const window = windowOf(plan, criterion.during)
    const cells = requestsIn(evidence, { upstream, phases: window.phases })
    const limit = { good: 'below', limit: below, cause: 'too_little_goodput', what: 'got a fallback' } as const
    return { ...judgeRate(countIn(cells, ['fallback']), countIn(cells), limit), window }
  },
})
`,
    },
    edit: {
      'src/criteria/criteria.ts': [
        [
          "import { fastFail } from './fast-fail.ts'",
          "import { fallbackRate } from './fallback-rate.ts'\nimport { fastFail } from './fast-fail.ts'",
        ],
        ['requestCriteria = byKind([', 'requestCriteria = byKind([\n  fallbackRate,'],
      ],
    },
  },
  {
    what: 'claim',
    files: 2,
    add: {
      'src/scenario/claims/stays-quick.ts': `// staysQuick('gemini', { in: 'spike' }): whatever happens, good answers come soon.
import * as z from 'zod'
import { builders } from '../../criteria/criteria.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'

export const staysQuick = claimType({
  kind: 'stays_quick',
  doc: { written: "staysQuick('gemini', { in: 'spike' })", standsFor: 'Whatever happens, good answers come soon.' },
  schema: z.strictObject({ kind: z.literal('stays_quick'), upstream: z.string(), in: z.array(z.string()) }),
  build: {
    staysQuick: (upstream: string, { in: phase }: { in: string }): WrittenClaim =>
      writtenClaim({ kind: 'stays_quick', upstream, in: [phase] }),
  },
  sentence: ({ upstream }) => \`\${upstream} stays quick\`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: () => [],
  criteria: ({ upstream, ...claim }) => [builders.p95().of(upstream).during(...claim.in).below('1s')],
})
`,
    },
    edit: {
      'src/scenario/claims/claims.ts': [
        ['const types = [survivesOutage,', "import { staysQuick } from './stays-quick.ts'\n\nconst types = [staysQuick, survivesOutage,"],
      ],
    },
  },
  {
    what: 'request fault',
    files: 2,
    add: {
      'src/faults/request/teapot.ts': `// \`teapot\`: answers 418.
import * as z from 'zod'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

export function teapot(upstream: UpstreamName, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'teapot' }, hits)
}

export const teapotFault = requestFaultType({
  is: 'teapot',
  docs: [{ written: "teapot('gemini')", does: 'Answers 418.' }],
  schema: z.strictObject({ is: z.literal('teapot') }),
  build: { teapot },
  words: () => 'answers 418',
  apply(_fault, plan) {
    plan.status = { code: 418, headers: {} }
  },
})
`,
    },
    edit: {
      'src/faults/requests.ts': [
        ['import { truncatedFault } from', "import { teapotFault } from './request/teapot.ts'\nimport { truncatedFault } from"],
        ['  status: statusFault,', '  teapot: teapotFault,\n  status: statusFault,'],
      ],
    },
  },
  {
    what: 'process fault',
    files: 2,
    add: {
      'src/faults/process/hiccup.ts': `// \`hiccup\`: the process stands still for a moment when the phase ends.
import * as z from 'zod'
import type { ProcessFaultInput } from '../fault-input.ts'
import { processFaultType, type ProcessRole } from '../process-fault.ts'

export function hiccup(role: ProcessRole): ProcessFaultInput {
  return { made: 'process', role, fault: { is: 'hiccup' } }
}

export const hiccupFault = processFaultType({
  is: 'hiccup',
  docs: [{ written: "hiccup('gateway')", does: 'The process stands still for a moment.' }],
  on: ['gateway'],
  schema: z.strictObject({ is: z.literal('hiccup') }),
  build: { hiccup },
  words: () => 'stands still for a moment',
  begin: async (process) => process.pause(),
  end: async (process) => process.resume(),
  sign: (seen) => (seen === 'silent' ? 'a request was not answered' : undefined),
  delayBound: (lastsMs) => lastsMs,
})
`,
    },
    edit: {
      'src/faults/processes.ts': [
        ['import { killedFault } from', "import { hiccupFault } from './process/hiccup.ts'\nimport { killedFault } from"],
        ['processFaults = { killed', 'processFaults = { hiccup: hiccupFault, killed'],
      ],
    },
  },
  {
    // What the proxy does, and what the harness knows of it.
    what: 'toxic',
    files: 3,
    add: {
      'src/faults/network/toxics/mute.ts': `// Passes nothing after so many bytes, and keeps the connection open.
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

export const mute = defineToxic({
  attributes: {
    /** Bytes. */
    after: integer,
  },
  start(line, { after }) {
    let left = after
    return {
      chunk(chunk) {
        if (left > 0) line.pass(chunk)
        left -= chunk.data.length
        line.next()
      },
    }
  },
})
`,
      'src/faults/network/faults/mute.ts': `// \`mute\`: the link falls silent after so many bytes.
import * as z from 'zod'
import type { NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { endedEarly } from '../canary-signs.ts'
import { onWayToUpstream, toxic, toxicFaultType, unbounded, whole } from '../network-fault.ts'
import { mute as muteToxic } from '../toxics/mute.ts'

export function mute(upstream: UpstreamName, afterBytes: number): NetworkFaultInput {
  return toxic(upstream, 'mute', { after: afterBytes })
}

export const muteFault = toxicFaultType({
  type: 'mute',
  docs: [{ written: "mute('gemini', 100)", does: 'The link falls silent after so many bytes.' }],
  toxic: muteToxic,
  attributes: z.strictObject({ after: whole }),
  build: { mute },
  sign: endedEarly,
  delayBound: unbounded,
  keepsRequests: onWayToUpstream,
})
`,
    },
    edit: {
      'src/faults/network/networks.ts': [
        ['import { packetLossFault } from', "import { muteFault } from './faults/mute.ts'\nimport { packetLossFault } from"],
        ['const extended = {\n', 'const extended = {\n  mute: muteFault,\n'],
      ],
    },
  },
  {
    what: 'policy',
    files: 3,
    add: {
      'src/policies/limits/curfew.ts': `// A curfew lets nothing through for a while after the start.
import * as z from 'zod'
import type { PolicyRefusal } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import { duration } from '../../kernel/validation.ts'
import type { Waiter } from '../effects.ts'
import type { WaitingQueue } from './waiting-queue.ts'

export const curfewSettings = z.strictObject({
  /** Clock time from which requests pass. */
  until: duration,
})

export class Curfew implements WaitingQueue {
  readonly refusal: PolicyRefusal = 'curfew'
  readonly maxWaitMs: Ms = 0
  readonly #until: Ms

  constructor({ until }: z.output<typeof curfewSettings>) {
    this.#until = until
  }

  isFree(now: Ms): boolean {
    return now >= this.#until
  }

  tryEnter(now: Ms): boolean {
    return this.isFree(now)
  }

  retryAfter(now: Ms): Ms {
    return Math.max(0, this.#until - now)
  }

  join(): undefined {
    return undefined
  }

  claim(_waiter: Waiter, now: Ms): boolean {
    return this.isFree(now)
  }

  dueIn(_waiter: Waiter, now: Ms): Ms {
    return this.retryAfter(now)
  }

  leave(): void {}
}
`,
    },
    edit: {
      'src/policies/limits/limits.ts': [
        ['import { RateLimit,', "import { Curfew, curfewSettings } from './curfew.ts'\nimport { RateLimit,"],
        ['const limits = {\n', 'const limits = {\n  curfew: limit(curfewSettings, (settings) => new Curfew(settings)),\n'],
      ],
      'src/contract/refusals.ts': [
        [
          '  circuit_open:',
          "  curfew: { by: 'policy', status: 503, code: 'service_unavailable', outcome: 'shed', retryable: true, message: unavailable },\n  circuit_open:",
        ],
      ],
    },
  },
  {
    what: 'service of the gateway',
    files: 3,
    add: {
      'src/gateway/services/greeting/settings.ts': `import * as z from 'zod'

export const greetingSettings = z.strictObject({ words: z.string() })
`,
      'src/gateway/services/greeting/greeting.ts': `// Service \`greeting\`: GET /greeting says the words of its settings.
import type { FastifyInstance } from 'fastify'
import type { ServiceMeans } from '../service.ts'

export function greeting(app: FastifyInstance, { settings }: ServiceMeans<{ words: string }>): void {
  app.get('/greeting', () => ({ words: settings.words }))
}
`,
    },
    edit: {
      'src/gateway/services/services.ts': [
        [
          'export const serviceTypes = {',
          `import { greetingSettings } from './greeting/settings.ts'

export const serviceTypes = {
  greeting: serviceType({
    settings: greetingSettings,
    segments: ['greeting'],
    load: async () => (await import('./greeting/greeting.ts')).greeting,
  }),`,
        ],
      ],
    },
  },
  {
    what: 'upstream',
    files: 1,
    add: {
      'fake-upstreams/clock.ts': `// A fake clock service.
import { defineUpstream, serveAlone } from '../src/index.ts'

export const clock = defineUpstream(import.meta, {
  name: 'clock',
  latency: '1ms',
  routes: { now: { method: 'GET', path: '/now', reply: () => ({ body: { now: 12 } }) } },
})

if (import.meta.main) await serveAlone(clock)
`,
    },
  },
  {
    what: 'flag of the command line',
    files: 2,
    add: {
      'src/cli/flags/loudly.ts': `// \`--loudly\`: says more.
import { defineFlag } from './flag.ts'

export const loudly = defineFlag<boolean>({
  flag: '--loudly',
  text: 'say more',
  commands: ['run', 'show'],
  default: false,
  repeat: 'changed',
  write: () => [],
})
`,
    },
    edit: {
      'src/cli/flags/flags.ts': [
        ['import { out } from', "import { loudly } from './loudly.ts'\nimport { out } from"],
        ['export const flags = {\n', 'export const flags = {\n  loudly,\n'],
      ],
    },
  },
  {
    what: 'section of the report',
    files: 2,
    add: {
      'src/report/html/sections/greeting.ts': `// Says hello.
import { html } from '../html.ts'
import type { Section } from './section.ts'

export const greeting: Section = {
  id: 'greeting',
  name: 'Greeting',
  title: 'Greeting',
  render: () => html\`<p>hello from a new section</p>\`,
}
`,
    },
    edit: {
      'src/report/html/sections/sections.ts': [
        ['import { incident } from', "import { greeting } from './greeting.ts'\nimport { incident } from"],
        ['readonly Section[] = [\n', 'readonly Section[] = [\n  greeting,\n'],
      ],
    },
  },
  {
    what: 'event of the journal',
    files: 2,
    add: {
      'src/evidence/events/weather.ts': `// How warm the machine is.
import { defineTallied, number } from './event.ts'

export const weather = defineTallied({
  fields: { celsius: number },
  evidence: 'warmest',
  tally() {
    let warmest = Number.NEGATIVE_INFINITY
    return {
      add: ({ celsius }) => void (warmest = Math.max(warmest, celsius)),
      result: () => warmest,
    }
  },
})
`,
    },
    edit: {
      'src/evidence/events.ts': [
        [
          "import { transition } from './events/transition.ts'",
          "import { transition } from './events/transition.ts'\nimport { weather } from './events/weather.ts'",
        ],
        ['  transition,\n  health,', '  transition,\n  weather,\n  health,'],
      ],
    },
  },
  {
    what: 'outcome',
    files: 2,
    edit: {
      'src/contract/outcome.ts': [["  timeout: 'the gateway", "  redirected: 'sent elsewhere',\n  timeout: 'the gateway"]],
      'src/report/html/strip/charts/outcome-chart.ts': [["  timeout: 'error',", "  redirected: 'error',\n  timeout: 'error',"]],
    },
  },
]

/** Run inside the copy: uses each addition and prints what came of it as JSON. */
export const use = `
const { builders } = await import('./src/criteria/criteria.ts')
const { knownCriterion, criterionSchema } = await import('./src/criteria/criteria.ts')
const { faults } = await import('./src/faults/builders.ts')
const { scenario, reference, perSecond, phase, claims } = await import('./src/index.ts')
const { planScenario } = await import('./src/scenario/plan-scenario.ts')
const { clock } = await import('./fake-upstreams/clock.ts')
const { createFold } = await import('./src/evidence/fold/fold.ts')
const { eventFrom } = await import('./src/evidence/parse-event.ts')
const { judge } = await import('./src/judge/judge.ts')
const { sections } = await import('./src/report/html/sections/sections.ts')
const { flags } = await import('./src/cli/flags/flags.ts')
const { upstreamPolicies } = await import('./src/policies/settings.ts')
const { refusals } = await import('./src/contract/refusals.ts')
const { extendedToxics } = await import('./src/faults/network/networks.ts')
const { responder } = await import('./src/upstreams/answering/responder.ts')

const plan = planScenario(
  scenario('additions', {
    story: 'One more of each.',
    upstreams: { clock },
    gateway: reference({ clock: { curfew: { until: '5s' } }, services: { greeting: { words: 'hello' } } }),
    load: { rate: perSecond(100), mix: [clock.now()] },
    phases: () => [phase('all', '20s', faults.teapot('clock'), faults.mute('clock', 10), faults.hiccup('gateway'))],
    criteria: [builders.fallbackRate().during('all').below('50%')],
    claims: [claims.staysQuick('clock', { in: 'all' })],
  }),
  { seed: 1, settings: 'ci', source: 'additions.ts' },
)
const fold = createFold(plan)
const origin = 1000
const line = (event) => {
  const read = eventFrom(JSON.stringify(event))
  if (!read) throw new Error('not an event: ' + JSON.stringify(event))
  fold.add(read)
}
line({ type: 'run', t: 0, schemaVersion: 2, scenario: 'additions', seed: 1, run: 'r', origin, startedAt: '2026-01-01T00:00:00Z' })
for (let index = 0; index < 1000; index++) {
  const due = origin + index * 20
  line({ type: 'request', t: due + 9, id: 'r-' + index.toString(36), index, due, sent: due, route: 'clock.now', method: 'GET', outcome: 'redirected', status: 302 })
}
line({ type: 'weather', t: origin + 5, celsius: 31 })
const evidence = fold.result()
const verdict = judge(plan, evidence)
const ofOwn = verdict.findings.find(({ criterion }) => criterion.kind === 'fallback_rate')
const fake = responder(clock, 1)
console.log(JSON.stringify({
  sentence: ofOwn.sentence,
  n: ofOwn.n,
  claim: plan.claims[0].sentence,
  faults: plan.faults.map(({ fault }) => fault.made),
  curfew: plan.gateway.upstreams.clock.curfew,
  refusal: refusals.curfew.outcome,
  services: plan.gateway.services,
  mute: Object.hasOwn(extendedToxics, 'mute'),
  sections: sections.map(({ id }) => id),
  flag: flags.loudly.flag,
  warmest: evidence.warmest,
  outcome: evidence.requests[0].outcome,
  unknownWeather: eventFrom(JSON.stringify({ type: 'weather', t: 1, celsius: 'warm' })) === undefined,
}))
process.exit(0)
`
