import { beforeAll, describe, expect, it } from 'vitest'
import { chroma } from '../../../../fake-upstreams/chroma.ts'
import { type ErrorClass, installed, library, serving } from './client-library.ts'

interface Collection {
  name: string
  add(entries: object): Promise<void>
  update(entries: object): Promise<void>
  upsert(entries: object): Promise<void>
  count(): Promise<number>
  get(asked: object): Promise<{ ids: string[]; documents: (string | null)[] }>
  query(asked: object): Promise<{ ids: string[][]; distances: number[][] }>
  delete(asked: object): Promise<unknown>
}

interface Client {
  version(): Promise<string>
  heartbeat(): Promise<number>
  listCollections(): Promise<Collection[]>
  countCollections(): Promise<number>
  createCollection(asked: object): Promise<Collection>
  getCollection(asked: object): Promise<Collection>
  deleteCollection(asked: object): Promise<void>
}

type Library = Record<string, ErrorClass> & { ChromaClient: new (options: object) => Client }

describe.skipIf(!installed.available)('chromadb', () => {
  const fake = serving(chroma)
  let errors: Library
  let client: Client
  // Its own needs a model that it would download.
  const embeddingFunction = { name: 'counting', generate: async (texts: string[]) => texts.map((text) => [text.length, 1]) }

  beforeAll(async () => {
    errors = await library<Library>('chromadb')
    const { hostname, port } = new URL(fake.url())
    client = new errors.ChromaClient({ host: hostname, port: Number(port) })
  })

  it('says its version', async () => {
    expect(await client.version()).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('keeps what is added, changed and taken away', async () => {
    const notes = await client.createCollection({ name: 'notes', embeddingFunction })
    expect((await client.listCollections()).map(({ name }) => name)).toContain('notes')
    expect(await client.countCollections()).toBe(2)
    await notes.add({ ids: ['a', 'b'], documents: ['one', 'two'] })
    await notes.update({ ids: ['a'], documents: ['eins'] })
    await notes.upsert({ ids: ['c'], documents: ['three'] })
    expect(await notes.count()).toBe(3)
    expect(await notes.get({ ids: ['a'] })).toMatchObject({ ids: ['a'], documents: ['eins'] })
    const { ids, distances } = await notes.query({ queryTexts: ['which?'], nResults: 2 })
    expect([ids[0]?.length, distances[0]?.length]).toEqual([2, 2])
    await notes.delete({ ids: ['a'] })
    expect(await notes.count()).toBe(2)
    await client.deleteCollection({ name: 'notes' })
    expect(await client.countCollections()).toBe(1)
  })

  it('is told of a collection that there is not, and of one that there is already', async () => {
    const none = client.getCollection({ name: 'none', embeddingFunction })
    await expect(none).rejects.toMatchObject({ constructor: errors['ChromaNotFoundError'] })
    const twice = client.createCollection({ name: 'chapters', embeddingFunction })
    await expect(twice).rejects.toMatchObject({ constructor: errors['ChromaUniqueError'] })
  })

  it.each([
    [401, 'ChromaUnauthorizedError'],
    [404, 'ChromaNotFoundError'],
    [429, 'ChromaRateLimitError'],
    [503, 'ChromaServerError'],
  ])('fails with %i as its own %s', async (status, name) => {
    fake.fail(status)
    await expect(client.heartbeat()).rejects.toMatchObject({ constructor: errors[name] })
  })
})
