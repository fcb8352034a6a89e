// The smaller fakes that remember: what is written is there to be read.
import { expect, it } from 'vitest'
import { chroma } from '../../fake-upstreams/chroma.ts'
import { filesystem } from '../../fake-upstreams/filesystem.ts'
import { git } from '../../fake-upstreams/git.ts'
import { jira } from '../../fake-upstreams/jira.ts'
import { langwatch } from '../../fake-upstreams/langwatch.ts'
import { mongodb } from '../../fake-upstreams/mongodb.ts'
import { asker } from './asker.ts'

it('chroma finds as many as are asked for, and keeps what is added', () => {
  const ask = asker(chroma)
  expect(ask('POST', '/query', { query_texts: ['a', 'b'], n_results: 3 }).json).toMatchObject({ ids: [{ length: 3 }, { length: 3 }] })
  const { id } = ask('POST', '/api/v2/tenants/t/databases/d/collections', { name: 'mine' }).json as { id: string }
  const call = (verb: string, body: unknown) => ask('POST', `/api/v2/tenants/t/databases/d/collections/${id}/${verb}`, body)
  call('add', { ids: ['a'], documents: ['text'] })
  expect(call('get', { ids: ['a'] }).json).toMatchObject({ ids: ['a'], documents: ['text'], metadatas: [null] })
  expect(ask('POST', '/api/v2/tenants/t/databases/d/collections', { name: 'mine' }).status).toBe(409)
  expect(ask('POST', '/api/v2/tenants/t/databases/d/collections/none/query', {}).status).toBe(404)
})

it('filesystem counts the versions of a file, and stays inside its project', () => {
  const ask = asker(filesystem)
  const save = (path: string) => ask('POST', '/save_file', { project_id: 'p', path, content: 'text' })
  expect([save('a.md').json, save('a.md').json]).toMatchObject([{ version: 1 }, { version: 2 }])
  expect(ask('GET', '/read_file?project_id=p&path=a.md').json).toEqual({ path: 'a.md', content: 'text', version: 2 })
  expect([save('../b').status, save('/etc/x').status, ask('GET', '/read_file?project_id=p&path=b').status]).toEqual([400, 400, 404])
})

it('git keeps a snapshot a call, newest first', () => {
  const ask = asker(git)
  expect(ask('POST', '/snapshot/novel-1', { message: 'second' })).toMatchObject({ status: 201, json: { number: 2, message: 'second' } })
  expect(ask('GET', '/snapshots/novel-1').json).toMatchObject({ snapshots: [{ number: 2 }, { number: 1 }] })
})

it('jira finds the issue that was created, newest first', () => {
  const ask = asker(jira)
  const { key } = ask('POST', '/rest/api/3/issue', { fields: { project: { key: 'OPS' }, summary: 'new' } }).json as { key: string }
  expect(key).toBe('OPS-21')
  expect(ask('GET', `/rest/api/3/issue/${key}`).json).toMatchObject({ fields: { summary: 'new' } })
  expect(ask('GET', '/rest/api/3/search/jql?jql=project%20%3D%20OPS').json).toMatchObject({ issues: [{ key }] })
  expect([
    ask('GET', '/rest/api/3/issue/OPS-99').status,
    ask('GET', '/rest/api/3/search/jql').status,
    ask('POST', '/rest/api/3/issue', {}).status,
  ]).toEqual([404, 400, 400])
})

it('langwatch gives back the trace that it collected', () => {
  const ask = asker(langwatch)
  ask('POST', '/api/collector', { trace_id: 'mine', spans: [{ span_id: 's' }] })
  expect(ask('GET', '/api/trace/mine').json).toMatchObject({ trace_id: 'mine', spans: [{ span_id: 's' }] })
  expect(ask('POST', '/api/trace/search', { pageSize: 2, pageOffset: 20 }).json).toMatchObject({
    traces: [{ trace_id: 'mine' }],
    pagination: { totalHits: 21 },
  })
  expect(ask('GET', '/api/trace/none').status).toBe(404)
})

it('mongodb creates a session once, ensures it any number of times, and keeps its messages', () => {
  const ask = asker(mongodb)
  const create = () => ask('POST', '/sessions', { _id: 's', user: 'u' })
  expect(create()).toMatchObject({ status: 201, json: { insertedId: 's' } })
  expect(create()).toMatchObject({ status: 409, json: { codeName: 'DuplicateKey' } })
  expect(ask('PUT', '/sessions/t', { user: 'u' }).json).toMatchObject({ upsertedCount: 1 })
  expect(ask('PUT', '/sessions/t', { user: 'u' }).json).toMatchObject({ upsertedCount: 0, matchedCount: 1 })
  ask('PATCH', '/sessions/s', { $push: { messages: { role: 'user', text: 'hello' } } })
  expect(ask('GET', '/sessions/s/history').json).toEqual({ documents: [{ role: 'user', text: 'hello' }] })
  expect([mongodb.errorBody(503), mongodb.errorBody(500)]).toMatchObject([
    { codeName: 'PrimarySteppedDown' },
    { codeName: 'HostUnreachable' },
  ])
})
