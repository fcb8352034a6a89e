// The first two stories of a project: nothing goes wrong, and the first upstream is out.
import { quoted } from './fakes/literal.ts'

export interface ScenarioText {
  name: string
  text: string
}

/** Of the upstreams, the first one fails; the others must not notice. */
export function firstScenarios([upstream = '', ...others]: readonly string[]): ScenarioText[] {
  const outage = `${upstream}-outage`
  const failing = quoted(upstream)
  const unharmed = others.map((other) => `    unharmed(${quoted(other)}).comparedWith('steady', { latencySlack: '100ms' }),\n`).join('')
  const harms = others.length > 0 ? ' harms nobody else,' : ''
  return [
    {
      name: outage,
      text: `import { amplification, criteria, phase, scenario, status, ${others.length > 0 ? 'unharmed, ' : ''}warmUp } from 'gatecrash'

export default scenario(${quoted(outage)}, {
  story: ${quoted(`${upstream} answers 503 to everything for 10 s. The gateway does not hammer it,${harms} and is as before soon after.`)},
  phases: () => [warmUp('3s'), phase('steady', '10s'), phase('outage', '10s', status(${failing}, 503)), phase('recovery', '20s')],
  // claims.survivesOutageOf(${failing}, { in: 'outage' }) asks for much more, if the gateway passes x-request-id on.
  criteria: [
    amplification(${failing}).during('outage').below(3.1),
${unharmed}    criteria.backToBaseline(${failing}).after('outage').comparedWith('steady', { latencySlack: '100ms' }),
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
