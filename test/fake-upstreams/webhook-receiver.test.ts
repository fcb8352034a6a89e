import { expect, it } from 'vitest'
import { webhookReceiver } from '../../fake-upstreams/webhook-receiver.ts'
import { asker } from './asker.ts'

const report = { event: 'report.completed', reference_id: 'report-1' }

it('takes a delivery, and counts one that comes again', () => {
  const ask = asker(webhookReceiver)
  const deliver = (id: string) => ask('POST', '/webhooks/acme', report, { 'webhook-id': id, 'x-correlation-id': 'c1' })
  expect(deliver('d1')).toMatchObject({ status: 202, json: { id: 'd1', duplicate: false } })
  expect(deliver('d1')).toMatchObject({ status: 202, json: { id: 'd1', duplicate: true } })
  deliver('d2')
  expect(ask('GET', '/deliveries').json).toEqual({
    total: 2,
    duplicates: 1,
    deliveries: [
      { id: 'd1', reference: 'report-1', correlation: 'c1', times: 2 },
      { id: 'd2', reference: 'report-1', correlation: 'c1', times: 1 },
    ],
  })
})

it('takes the id of the body where no header has one, and gives one where there is none', () => {
  const ask = asker(webhookReceiver)
  expect(ask('POST', '/webhooks/acme', { ...report, delivery_id: 'x' }).json).toMatchObject({ id: 'x' })
  expect(ask('POST', '/webhooks/acme', report).json).toMatchObject({ id: expect.stringMatching(/^\w{5,}$/), duplicate: false })
})

it('tells the deliveries of one reference', () => {
  const ask = asker(webhookReceiver)
  for (const reference of ['a', 'b', 'a']) ask('POST', '/webhooks/acme', { reference_id: reference })
  expect(ask('GET', '/deliveries?reference_id=a').json).toMatchObject({ total: 2 })
})
