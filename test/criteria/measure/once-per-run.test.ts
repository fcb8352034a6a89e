import { expect, it } from 'vitest'
import { inFlightAt, isJoined, ownCallRate, passages } from '../../../src/criteria/measure/breaker/traffic.ts'
import { routeOf } from '../../../src/criteria/measure/breaker/served-again.ts'
import { oncePerRun, oncePerTraffic, withTrafficOf } from '../../../src/criteria/measure/once-per-run.ts'
import type { Case } from '../../../src/criteria/finding/raw-finding.ts'
import { withParts } from '../../../src/evidence/evidence.ts'
import { evidenceOf, healthyGemini, planOf } from '../../judge/history.ts'
import { goes } from '../breaker/stories.ts'

async function played(): Promise<Case> {
  const plan = planOf([goes])
  return { plan, evidence: await evidenceOf({ gemini: healthyGemini }, plan) }
}

const withTransitions = (run: Case): Case => ({ ...run, evidence: withParts(run.evidence, { transitions: [] }) })

it('works out what is told of a run once for each name, and anew for another run', async () => {
  const run = await played()
  const asked: string[] = []
  for (const once of [oncePerRun, oncePerTraffic]) {
    const told = once((_, name) => ({ name, nth: asked.push(name) }))
    expect(told(run, 'a')).toBe(told(run, 'a'))
    expect(told(run, 'b')).not.toBe(told(run, 'a'))
    expect(told(withTransitions(run), 'a')).not.toBe(told(run, 'a'))
  }
  expect(asked).toEqual(['a', 'b', 'a', 'a', 'b', 'a'])
})

it('keeps what traffic tells for a run that is said to have the same, and nothing else', async () => {
  const run = await played()
  const other = withTrafficOf(run, withTransitions(run))
  const ofTraffic = oncePerTraffic(({ evidence }) => evidence)
  const ofRun = oncePerRun(({ evidence }) => evidence)
  expect(ofTraffic(other, 'a')).toBe(ofTraffic(run, 'a'))
  expect(ofRun(other, 'a')).not.toBe(ofRun(run, 'a'))
})

it('asks no transition of a breaker for what it takes for told by traffic', async () => {
  const { plan, evidence } = await played()
  const blind = Object.defineProperty(withParts(evidence, {}), 'transitions', {
    get() {
      throw new Error('traffic does not tell them')
    },
  })
  const run: Case = { plan, evidence: blind }
  expect(passages(run, 'gemini').length).toBeGreaterThan(0)
  expect(isJoined(run, 'gemini')).toBe(true)
  expect(inFlightAt(run, 'gemini').sent.length).toBeGreaterThan(0)
  expect(ownCallRate(run, 'gemini')).toBe(0)
  expect(routeOf(run, 'gemini.generate').due.length).toBeGreaterThan(0)
})
