// The first two stories of a project: nothing goes wrong, and the first upstream is out.
import { quoted } from './fakes/literal.ts'

export interface ScenarioText {
  name: string
  text: string
}

/** How long an upstream needs its share of the load for, so that the story's criteria can be decided. */
const SECONDS_EACH = 7
const LEAST_SECONDS = 10

/** Of the upstreams, the first one fails; the others must not notice. `passesIds`: the gateway's source speaks of x-request-id. */
export function firstScenarios([upstream = '', ...others]: readonly string[], passesIds: boolean): ScenarioText[] {
  const outage = `${upstream}-outage`
  const failing = quoted(upstream)
  const unharmed = others.map((other) => `    unharmed(${quoted(other)}).comparedWith('steady', { latencySlack: '100ms' }),\n`).join('')
  const seconds = Math.max(LEAST_SECONDS, SECONDS_EACH * (1 + others.length))
  const attempts = `    criteria.retries(${failing}).during('outage').attemptsAtMost(3)`
  const decided = passesIds
    ? `${attempts},\n`
    : `    // Without x-request-id nobody knows which request an attempt belongs to: take .warn() away once the gateway passes it on.\n${attempts}.warn(),\n`
  const harms = others.length > 0 ? ' harms nobody else,' : ''
  return [
    {
      name: outage,
      text: `import { criteria, phase, scenario, status, ${others.length > 0 ? 'unharmed, ' : ''}warmUp } from 'gatecrash'

export default scenario(${quoted(outage)}, {
  story: ${quoted(`${upstream} answers 503 to everything for ${seconds} s. The gateway tries no request more than three times,${harms} and is as before soon after.`)},
  phases: () => [warmUp('3s'), phase('steady', '${seconds}s'), phase('outage', '${seconds}s', status(${failing}, 503)), phase('recovery', '20s')],
  // claims.survivesOutageOf(${failing}, { in: 'outage' }) asks for much more, if the gateway passes x-request-id on.
  criteria: [
${decided}${unharmed}    criteria.backToBaseline(${failing}).after('outage').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
`,
    },
    {
      name: 'steady',
      text: `import { errorRate, p95, phase, scenario, warmUp } from 'gatecrash'

export default scenario('steady', {
  story: 'Nothing goes wrong. Fewer than one request in a hundred fails, and 95 of 100 are answered within 500 ms.',
  phases: () => [warmUp('3s'), phase('steady', '30s')],
  criteria: [errorRate().during('steady').below('1%'), p95().during('steady').below('500ms')],
})
`,
    },
  ]
}
