import { expect, it } from 'vitest'
import { auphonic } from '../../fake-upstreams/auphonic.ts'
import { asker } from './asker.ts'

interface Answer {
  data: { uuid: string; status_string: string; output_files: unknown[] }
}

it('takes a production from waiting over processing to done, one step a look', () => {
  const ask = asker(auphonic)
  const { data } = ask('POST', '/api/productions.json', {
    input_file: 'https://example.test/a.mp3',
    metadata: { title: 'a' },
    action: 'start',
  }).json as Answer
  const look = () => (ask('GET', `/api/production/${data.uuid}.json`).json as Answer).data
  expect([data.status_string, look().status_string, look().status_string, look().output_files.length]).toEqual([
    'Waiting',
    'Audio Processing',
    'Done',
    1,
  ])
})

it('waits for its start, and is not started without audio', () => {
  const ask = asker(auphonic)
  const create = (body: unknown) => (ask('POST', '/api/productions.json', body).json as Answer).data.uuid
  const [complete, empty] = [create({ input_file: 'https://example.test/a.mp3' }), create({})]
  expect((ask('GET', `/api/production/${complete}.json`).json as Answer).data.status_string).toBe('Incomplete Form')
  expect(ask('POST', `/api/production/${complete}/start.json`).json).toMatchObject({ data: { status_string: 'Waiting' } })
  expect(ask('POST', `/api/production/${empty}/start.json`).status).toBe(400)
  expect(ask('GET', '/api/production/none.json')).toMatchObject({ status: 404, json: { status_code: 404, data: {} } })
})
