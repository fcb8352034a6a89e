// Everything at once: whatever an upstream does, every client gets one answer in time, and nothing is left behind.
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { drawFor } from '../../../src/kernel/random.ts'
import { answer, eventually, rig, type Script, scriptedUpstream } from './rig.ts'

const SEED = 20
const large = Buffer.alloc(200_000, 'large')

const behaviours: Script[] = [
  (response) => answer(response),
  (response) => answer(response, 404),
  (response) => answer(response, 503),
  (response) => response.writeHead(200, { 'content-length': String(large.length) }).end(large),
  (response) => response.writeHead(503, { 'content-length': String(large.length) }).end(large),
  (response) => response.writeHead(200).end(large),
  (response) => realClock.after(30, () => answer(response)),
  (response) => realClock.after(150, () => answer(response)),
  (response) => response.socket!.resetAndDestroy(),
  (response) => response.writeHead(200, { 'content-length': '500' }).write('half', () => response.socket!.destroy()),
  (response) => response.writeHead(200, { 'content-length': '500000' }).write(large, () => response.socket!.destroy()),
  () => {},
]

it.each([
  ['with hedging', { hedge: { after: '20ms' } }],
  ['with a cached fallback', { fallback: 'cached' as const }],
  ['with a breaker that opens and closes', { breaker: { failures: 3, recovery: '20ms', recoveryMax: '20ms' } }],
])('answers everybody in time and leaves nothing behind, %s', async (_name, extra) => {
  await using upstream = await scriptedUpstream((response, arrival) => {
    behaviours[Math.floor(drawFor(SEED, 'behaviour', arrival.ordinal) * behaviours.length)]!(response, arrival)
  })
  const gemini = {
    timeout: { attempt: '60ms', total: '400ms' },
    retry: { attempts: 3, base: '1ms', max: '5ms', budget: 'none' as const },
    bulkhead: { concurrent: 20, queue: 50 },
    breaker: { failureRate: { ratio: 1 } },
    ...extra,
  }
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini } } })
  const ends = { whole: 0, broken: 0, left: 0 }
  const late: string[] = []
  const one = async (worker: number): Promise<void> => {
    for (let count = 0; count < 40; count++) {
      const began = realClock.now()
      const leaving = new AbortController()
      const leaves = drawFor(SEED, 'leaves', worker * 40 + count) < 0.05
      const leave = realClock.after(leaves ? 25 : 60_000, () => leaving.abort())
      try {
        const { headers } = await gateway.ask(`/gemini/${count}`, { signal: leaving.signal })
        expect(headers['x-gateway-outcome']).toBeDefined()
        ends.whole++
      } catch (error) {
        if (leaves && leaving.signal.aborted) ends.left++
        else if (/terminated|closed|reset|aborted/i.test(String(error))) ends.broken++
        else throw error
      }
      leave()
      // Ten times the total deadline: a busy machine is slow, but nothing waits for ever.
      if (realClock.now() - began > 4000) late.push(`${worker}/${count}: ${realClock.now() - began} ms`)
    }
  }
  await Promise.all(Array.from({ length: 30 }, (_, worker) => one(worker)))
  expect(late, `seed ${SEED}`).toEqual([])
  expect(ends.whole).toBeGreaterThan(600)
  expect(ends.whole + ends.broken + ends.left).toBe(1200)
  await eventually('no timeout waits', () => gateway.gateway.timeoutsWaiting === 0)
  const { text } = await gateway.ask('/metrics')
  const value = (series: string): number => Number(new RegExp(`^${series}(?:\\{.*\\})? (\\d+)$`, 'm').exec(text)?.[1])
  const result = (name: string): number =>
    Number(new RegExp(`admissions_total\\{upstream="gemini",result="${name}"\\} (\\d+)`).exec(text)?.[1])
  expect(value('gateway_bulkhead_in_use')).toBe(0)
  expect(value('gateway_bulkhead_queued')).toBe(0)
  expect(value('gateway_request_duration_seconds_count')).toBe(1200)
  expect(result('admitted')).toBe(result('success') + result('failure') + result('neutral') + result('late'))
})
