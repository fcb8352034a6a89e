import { expect, it } from 'vitest'
import { upstreamLog } from '../../../src/upstreams/serving/log.ts'
import type { UpstreamEvent } from '../../../src/upstreams/serving/server.ts'

const departure = (ordinal: number): UpstreamEvent => ({
  type: 'departure',
  t: ordinal,
  upstream: 'demo',
  ordinal,
  status: 200,
  clientGone: false,
  whole: true,
  length: 0,
})

it('hands out what was appended since a number', () => {
  const log = upstreamLog()
  for (let ordinal = 0; ordinal < 3; ordinal++) log.append(departure(ordinal))
  expect(log.since(0)).toMatchObject({ events: [{ sequence: 0 }, { sequence: 1 }, { sequence: 2 }], next: 3, lost: 0 })
  expect(log.since(2).events).toEqual([{ sequence: 2, ...departure(2) }])
  expect(log.since(3)).toEqual({ events: [], next: 3, lost: 0 })
})

it('lets the oldest go and says how many are lost', () => {
  const log = upstreamLog(2)
  for (let ordinal = 0; ordinal < 5; ordinal++) log.append(departure(ordinal))
  expect(log.since(1)).toEqual({
    events: [
      { sequence: 3, ...departure(3) },
      { sequence: 4, ...departure(4) },
    ],
    next: 5,
    lost: 2,
  })
})

it('leaves out the count of sockets', () => {
  const log = upstreamLog()
  log.append({ type: 'sockets', t: 0, upstream: 'demo', open: 1 })
  expect(log.since(0).next).toBe(0)
})
