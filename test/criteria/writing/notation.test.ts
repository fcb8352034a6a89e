import { expect, it } from 'vitest'
import { errorRate, p95 } from '../../../src/criteria/builders.ts'

it('leaves an unfinished builder as it was', () => {
  const ofGemini = p95().of('gemini')
  ofGemini.during('steady')
  expect(ofGemini.below(1).criterion).not.toHaveProperty('during')
})

it('refuses shares and durations that it cannot read, with what it takes', () => {
  for (const limit of ['0.1', 'one percent', '101%', -0.1, 2, Number.NaN])
    expect(() => errorRate().below(limit)).toThrow(
      expect.objectContaining({ code: 'invalid_scenario', message: expect.stringContaining('0.1%') }),
    )
  expect(() => p95().below('300')).toThrow(expect.objectContaining({ code: 'bad_duration' }))
})
