// What every stage promises, live or simulated.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { demo } from '../../upstreams/demo.ts'
import { createEventSink } from '../../../src/evidence/event-sink.ts'
import type { ArrivalEvent, JournalEvent, RequestEvent, RunEvent } from '../../../src/evidence/events.ts'
import { errorRate, perSecond, phase, reference, scenario, status } from '../../../src/index.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import type { OpenStage, Stage, StageEnd } from '../../../src/stage/stage.ts'

const { signal: never } = new AbortController()

/** It ends in the middle of an outage: the breaker is open, and the fault is on. */
function planOf(seed: number, upstreams: Parameters<typeof scenario>[1]['upstreams'] = { gemini }): Plan {
  const written = scenario('short', {
    story: 'Gemini fails, and does not come back.',
    upstreams,
    gateway: reference({ gemini: { breaker: { failures: 3, recovery: '30s' } } }),
    load: { rate: perSecond(100), mix: [gemini.generateContent()] },
    phases: () => [phase('steady', '600ms'), phase('outage', '600ms', status('gemini', 503))],
    criteria: [errorRate().during('steady').below('90%')],
  })
  return planScenario(written, { seed, settings: 'ci', source: 'short.ts' })
}

interface Play {
  end: StageEnd
  events: JournalEvent[]
  run: RunEvent
  requests: RequestEvent[]
  arrivals: ArrivalEvent[]
}

async function play(
  stage: OpenStage,
  plan: Plan,
  signal: AbortSignal = never,
  onPhase: (phase: string) => unknown = () => {},
): Promise<Play> {
  const folder = await mkdtemp(join(tmpdir(), 'stage-'))
  const lines: string[] = []
  const append = (text: string): void => void lines.push(text)
  const sink = createEventSink({ append, write: (event) => append(`${JSON.stringify(event)}\n`) })
  sink.subscribe(['phase'], (event) => onPhase(event.phase))
  try {
    const end = await stage.play(plan, { sink, folder, signal })
    const events = lines
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JournalEvent)
    return {
      end,
      events,
      run: events.find((event) => event.type === 'run')!,
      requests: events.filter((event) => event.type === 'request'),
      arrivals: events.filter((event) => event.type === 'arrival'),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function stageContract(open: () => Stage): void {
  it('plays one plan after the other: each has a run id of its own, and begins with closed breakers, no faults and new upstreams', async () => {
    const plan = planOf(1)
    await using stage = await open().open(plan, never)
    const plays = [await play(stage, plan), await play(stage, plan), await play(stage, planOf(2))]
    expect(new Set(plays.map(({ run }) => run.run)).size).toBe(3)
    expect(plays.map(({ run }) => run.seed)).toEqual([1, 1, 2])
    for (const { end, events, run, requests, arrivals } of plays) {
      expect(end).toEqual({ reason: 'complete' })
      const steady = requests.filter(({ t }) => t < run.origin + 600)
      expect(steady.length).toBeGreaterThan(10)
      expect(new Set(steady.map(({ outcome }) => outcome))).toEqual(new Set(['ok']))
      expect(requests.some(({ outcome }) => outcome === 'rejected')).toBe(true)
      expect(events.filter((event) => event.type === 'transition').map(({ from, to }) => `${from} ${to}`)).toEqual(['closed open'])
      expect(arrivals.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)).toEqual(arrivals.map((_, index) => index))
      expect(arrivals.every(({ request }) => request.startsWith(run.run))).toBe(true)
      expect(events.filter((event) => event.type === 'process' && event.unexpected)).toEqual([])
    }
    const sent = plays.map(({ requests }) => requests.map(({ index }) => index).toSorted((a, b) => a - b))
    expect(sent[1]).toEqual(sent[0])
    expect(sent[0]).not.toEqual(sent[2])
  })

  it('ends a play that is interrupted, and plays the next one', async () => {
    const plan = planOf(3)
    await using stage = await open().open(plan, never)
    const interrupting = new AbortController()
    const interrupted = await play(stage, plan, interrupting.signal, (name) => name === 'outage' && interrupting.abort())
    expect(interrupted.end).toEqual({ reason: 'interrupted' })
    expect(interrupted.requests.length).toBeLessThan(100)
    expect((await play(stage, plan)).end).toEqual({ reason: 'complete' })
  })

  it('refuses a plan with other upstreams, and a second play at a time', async () => {
    const plan = planOf(4)
    await using stage = await open().open(plan, never)
    await expect(play(stage, planOf(4, { demo, gemini }))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('demo, gemini'),
    })
    // Whichever of the two has its folder first.
    const both = await Promise.allSettled([play(stage, plan), play(stage, plan)])
    expect(both.toSorted((a, b) => a.status.localeCompare(b.status))).toMatchObject([
      { status: 'fulfilled', value: { end: { reason: 'complete' } } },
      { status: 'rejected', reason: { code: 'usage', message: expect.stringContaining('being played') } },
    ])
  })

  it('opens nothing when the signal came before', async () => {
    await expect(open().open(planOf(5), AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' })
  })
}
