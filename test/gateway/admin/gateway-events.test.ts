import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { GatewayEvents } from '../../../src/gateway/admin/gateway-events.ts'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'

it('numbers transitions and alerts in one sequence, each under its own event name', () => {
  const events = new GatewayEvents({ clock: virtualClock(), kept: 10 })
  events.tell({ t: 1, upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', failures: 5, threshold: 5 })
  events.tell({ type: 'alert', t: 2, rule: 'error_rate', severity: 'critical', edge: 'start' })
  const { response, sent } = reader()
  events.serve(response, 0)
  const [, ...told] = sent().split('\n\n')
  expect(told.slice(0, -1).map((block) => block.split('\n').slice(0, 2))).toEqual([
    ['id: 1', 'event: transition'],
    ['id: 2', 'event: alert'],
  ])
  expect(told[1]).toContain('{"sequence":2,"type":"alert"')
})

/** As much of a response as the stream uses. */
function reader(): { response: ServerResponse; sent: () => string } {
  let text = ''
  const writable = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  const response = Object.assign(writable, { writeHead: () => writable }) as unknown as ServerResponse // no socket in a unit test
  return { response, sent: () => text }
}
