// The first two stories of a project: nothing goes wrong, and the first upstream is out.
import { quoted } from './fakes/literal.ts'

export interface ScenarioText {
  name: string
  text: string
}

export function firstScenarios(upstream: string): ScenarioText[] {
  const outage = `${upstream}-outage`
  return [
    {
      name: outage,
      text: `import { claims, phase, scenario, status, warmUp } from 'gatecrash'

export default scenario(${quoted(outage)}, {
  story: ${quoted(`${upstream} answers 503 to everything for 10 s. The gateway harms nobody else, repeats with care, and is soon as before.`)},
  phases: () => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('outage', '10s', status(${quoted(upstream)}, 503)),
    phase('recovery', '20s'),
  ],
  claims: [claims.survivesOutageOf(${quoted(upstream)}, { in: 'outage' })],
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
