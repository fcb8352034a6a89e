import { expect, it } from 'vitest'
import { firestore } from '../../fake-upstreams/firestore.ts'
import { asker } from './asker.ts'

const here = '/v1/projects/debug-toolkit/databases/(default)/documents'
const name = (id: string) => `${here.slice('/v1/'.length)}/traces/${id}`
const begin = (ask: ReturnType<typeof asker>) => (ask('POST', `${here}:beginTransaction`, {}).json as { transaction: string }).transaction

it('keeps what is written, and merges what is patched', () => {
  const ask = asker(firestore)
  ask('POST', `${here}/traces?documentId=new`, { fields: { a: { integerValue: '1' } } })
  ask('PATCH', `${here}/traces/new`, { fields: { b: { integerValue: '2' } } })
  expect(ask('GET', `${here}/traces/new`).json).toMatchObject({
    name: name('new'),
    fields: { a: { integerValue: '1' }, b: { integerValue: '2' } },
  })
  expect(ask('POST', `${here}/traces?documentId=new`, { fields: {} })).toMatchObject({
    status: 409,
    json: { error: { status: 'ALREADY_EXISTS' } },
  })
})

it('commits a batch whole, and a transaction once', () => {
  const ask = asker(firestore)
  const transaction = begin(ask)
  const commit = () =>
    ask('POST', `${here}:commit`, { transaction, writes: [{ update: { name: name('x'), fields: {} } }, { delete: name('trace_1') }] })
  expect(commit()).toMatchObject({ status: 200, json: { writeResults: { length: 2 } } })
  expect([ask('GET', `${here}/traces/x`).status, ask('GET', `${here}/traces/trace_1`).status]).toEqual([200, 404])
  expect(commit()).toMatchObject({ status: 400, json: { error: { status: 'INVALID_ARGUMENT' } } })
})

it('writes nothing of a transaction that was rolled back', () => {
  const ask = asker(firestore)
  const transaction = begin(ask)
  ask('POST', `${here}:rollback`, { transaction })
  expect(ask('POST', `${here}:commit`, { transaction, writes: [{ update: { name: name('x'), fields: {} } }] }).status).toBe(400)
  expect(ask('GET', `${here}/traces/x`).status).toBe(404)
})

it('finds the documents of a collection', () => {
  const ask = asker(firestore)
  const query = (from: string) => ask('POST', `${here}:runQuery`, { structuredQuery: { from: [{ collectionId: from }], limit: 5 } }).json
  expect(query('traces')).toHaveLength(5)
  expect(query('nothing')).toEqual([])
})

it('lists a collection page by page', () => {
  const ask = asker(firestore)
  type Page = { documents: { name: string }[]; nextPageToken?: string }
  const names: string[] = []
  for (let token = '', pages = 0; pages < 10; pages++) {
    const page = ask('GET', `${here}/traces?pageSize=8&pageToken=${token}`).json as Page
    names.push(...page.documents.map((document) => document.name))
    if (page.nextPageToken === undefined) break
    token = page.nextPageToken
  }
  expect(names).toEqual(Array.from({ length: 20 }, (_, at) => name(`trace_${at + 1}`)))
  expect(ask('GET', `${here}/traces?pageToken=none`).status).toBe(400)
})

it('gets several documents at once, those that there are not too, and begins a transaction by it', () => {
  const ask = asker(firestore)
  const asked = { documents: [name('trace_2'), name('none')], newTransaction: { readWrite: {} } }
  const [begun, ...got] = ask('POST', `${here}:batchGet`, asked).json as [{ transaction: string }, ...object[]]
  expect(got).toMatchObject([{ found: { name: name('trace_2') } }, { missing: name('none') }])
  expect(ask('POST', `${here}:commit`, { ...begun, writes: [] }).status).toBe(200)
  expect(ask('POST', `${here}:batchGet`, {}).status).toBe(400)
})
