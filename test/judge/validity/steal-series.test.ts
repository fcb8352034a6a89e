import { expect, it } from 'vitest'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { type Answer, type Story, findingOf, ok } from '../history.ts'
import { errors, health, machine, steadyP95 } from '../criteria.ts'

/** What a host took of the machine during `steady`: its share by second, and the spans in which every process stood still. */
interface Steal {
  name: string
  takenAt: (second: number) => number
  stalls: { fromMs: number; toMs: number }[]
}

const seconds = Array.from({ length: 10 }, (_, at) => at + 2)
const burst = (second: number): boolean => second % 3 === 0

const series: Steal[] = [
  { name: '30 % all the time', takenAt: () => 0.3, stalls: [] },
  {
    name: '80 % for 400 ms of every third second',
    takenAt: (second) => (burst(second) ? 0.32 : 0.02),
    stalls: seconds.filter(burst).map((second) => ({ fromMs: second * 1000 + 100, toMs: second * 1000 + 500 })),
  },
  { name: 'one freeze of 2 s', takenAt: (second) => (second === 6 || second === 7 ? 1 : 0), stalls: [{ fromMs: 6000, toMs: 8000 }] },
]

/** A process tells of a stall in the second in which it goes on. */
const told = ({ takenAt, stalls }: Steal): JournalEvent[] =>
  seconds.flatMap((second) => {
    const t = second * 1000 + 999
    const over = stalls.find(({ toMs }) => toMs > t - 1000 && toMs <= t)
    const delayMs = over === undefined ? 8 : over.toMs - over.fromMs
    const processes = (['load', 'toxiproxy', 'upstreams', 'gateway'] as const).map((role) => health(t, role, delayMs))
    return processes.concat(machine(t, takenAt(second)))
  })

/** A request that is due while the processes stand still is sent when they go on. */
function heldUp(answer: Answer, { stalls }: Steal, dueMs: number): Answer {
  const stall = stalls.find(({ fromMs, toMs }) => dueMs >= fromMs && dueMs < toMs)
  const waitMs = stall === undefined ? 0 : stall.toMs - dueMs
  return { ...answer, lateMs: waitMs, latencyMs: answer.latencyMs + waitMs }
}

const storyOf = (steal: Steal, answer: Answer): Story => ({
  gemini: (dueMs) => heldUp(answer, steal, dueMs),
  assemblyai: (dueMs) => heldUp(ok, steal, dueMs),
  breaker: [],
  plan: { faults: [] },
  also: told(steal),
})

it.each(series)('never fails a healthy gateway for steal of $name', async (steal) => {
  for (const criterion of [steadyP95, errors]) expect((await findingOf(criterion, storyOf(steal, ok))).result).not.toBe('fail')
})

it.each(series)('never passes a slow gateway for steal of $name, and says why it is undecided', async (steal) => {
  const finding = await findingOf(steadyP95, storyOf(steal, { ...ok, latencyMs: 900 }))
  expect(finding.result).not.toBe('pass')
  expect([finding.result, finding.cause]).toBeOneOf([
    ['fail', 'too_slow'],
    ['inconclusive', 'harness_unhealthy'],
  ])
})

it.each(series)('still fails errors, which no steal of $name makes', async (steal) => {
  const story = storyOf(steal, { ...ok, outcome: 'upstream_error' })
  expect(await findingOf({ ...errors, during: ['steady'] }, story)).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})

it('excuses a slow gateway for steal no more once the machine is its own again', async () => {
  const steal: Steal = { name: 'none', takenAt: () => 0, stalls: [] }
  expect(await findingOf(steadyP95, storyOf(steal, { ...ok, latencyMs: 900 }))).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('fails a gateway that stands still by itself as long as a frozen machine would', async () => {
  const { gemini: _gemini, also: _also, ...rest } = storyOf(series[2]!, ok)
  const gemini = (dueMs: number): Answer => ({ ...heldUp(ok, series[2]!, dueMs), lateMs: 0 })
  expect(await findingOf(steadyP95, { ...rest, gemini })).toMatchObject({ result: 'fail', cause: 'too_slow' })
})
