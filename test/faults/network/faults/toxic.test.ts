import { expect, it } from 'vitest'
import { toxic } from '../../../../src/faults/network/network-fault.ts'
import { problemsOf, sign, wordsOf } from '../../planned.ts'

it('takes a toxic by its own name, on a share of connections', () => {
  const some = toxic('gemini', 'latency', { latency: 1000, jitter: 100 }, { toxicity: 0.5 })
  expect(wordsOf(some)).toBe('latency toxic downstream, latency 1000, jitter 100, 50 % of connections')
  // Half of the connections may be untouched, so one that went through says nothing.
  expect(sign(toxic('gemini', 'limit_time', { time: 5 }, { toxicity: 0.5 }), {})).toBeUndefined()
})

it.each([
  ['latencey', {}, 'unknown toxic "latencey"; did you mean "latency"?'],
  ['noop', {}, 'unknown toxic "noop"'],
  ['toString', {}, 'unknown toxic "toString"'],
  ['down', {}, 'use cut(…)'],
  ['fail_first', { connections: 3 }, 'use disconnect(…, { first: N })'],
  ['timeout', { timeout: -1 }, 'timeout.timeout: '],
  ['timeout', { timeout: 0, extra: 1 }, 'unknown setting "extra"'],
])('refuses the toxic %s with %j', (type, attributes, told) => {
  expect(problemsOf(toxic('gemini', type, attributes))).toEqual([expect.stringContaining(told)])
})

it('tells all that is wrong at once', () => {
  const wrong = toxic('gemini', 'bandwidth', { rate: -1 }, { stream: 'sideways' as 'both', toxicity: 2 })
  expect(problemsOf(wrong).map((text) => text.split(':')[0])).toEqual([
    'faults[0].bandwidth.rate',
    'faults[0].toxicity',
    'faults[0].stream',
  ])
})
