import { expect, it } from 'vitest'
import { embeddings } from '../../fake-upstreams/embeddings.ts'
import { asker } from './asker.ts'

it('gives one vector for each text', () => {
  const ask = asker(embeddings)
  const { status, json } = ask('POST', '/embed', { inputs: ['one', 'two'] }) as { status: number; json: number[][] }
  expect([status, json.length, json[0]!.length, json[1]!.length]).toEqual([200, 2, 32, 32])
  expect(ask('POST', '/embed', { inputs: 'one' }).json).toHaveLength(1)
})

it('refuses what holds no text', () => {
  const ask = asker(embeddings)
  for (const body of [{}, { inputs: [] }, { inputs: [1] }])
    expect(ask('POST', '/embed', body)).toMatchObject({ status: 422, json: { error_type: 'Validation' } })
})
