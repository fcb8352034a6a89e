// Histories of two identities that ask gemini by turns: whose request each answer was for.
import type { Plan } from '../../../src/plan/plan.ts'
import { type Answer, type Story, ok, planOf } from '../../judge/history.ts'

const names = ['ada', 'bob'] as const

const { load } = planOf([], {}, 40)
export const two: Partial<Plan> = {
  faults: [],
  load: {
    ...load,
    mix: load.mix.map((route) => Object.assign({}, route, { identities: names.map((name) => ({ name, headers: { 'x-api-key': name } })) })),
  },
}

const hex = (value: number): string => value.toString(16).padStart(8, '0')
export const bodyOf = (of: number) => ({ length: 300, checksum: hex(of) })
export const who = (index: number): string => names[Math.floor(index / 7) % 2]!

/** Request `index`, of its own identity, gets the body of request `of`; gemini is asked when it is its own. */
export const gets = (index: number, of: number, change: Partial<Answer> = {}): Answer => ({
  ...ok,
  attempts: of === index ? 1 : 0,
  client: { identity: who(index), ...bodyOf(of) },
  departures: [bodyOf(of)],
  ...change,
})

export const story = (gemini: (index: number) => Answer): Story => ({
  gemini: (_, index) => gemini(index),
  assemblyai: () => ({ ...ok, client: { length: 3, checksum: '1', identity: 'ada' }, departures: [{ length: 3, checksum: '1' }] }),
  breaker: [],
  plan: two,
})

/** The nearest earlier request of the same identity, or of the other one, that asked gemini itself: those are the odd ones. */
function earlier(index: number, same: boolean, asked: Set<number>): number {
  for (let at = index - 1; at > 0; at--) if (asked.has(at) && (who(at) === who(index)) === same) return at
  return index
}

/** Every fourth request gets a kept answer. */
export function keeping(same: boolean, change: Partial<Answer> = {}): Story {
  const asked = new Set<number>()
  let count = 0
  return story((index) => {
    if (count++ % 4 !== 3) {
      asked.add(index)
      return gets(index, index)
    }
    const of = earlier(index, same, asked)
    if (of === index) asked.add(index)
    return gets(index, of, of === index ? {} : change)
  })
}
