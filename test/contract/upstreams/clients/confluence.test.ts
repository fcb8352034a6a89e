import { beforeAll, describe, expect, it } from 'vitest'
import { confluence } from '../../../../fake-upstreams/confluence.ts'
import { account, errorNames } from './atlassian.ts'
import { installed, library, serving } from './client-library.ts'

interface Page {
  id: string
  title: string
  body?: { storage?: { value: string } }
}

interface Client {
  space: { getSpaces(asked?: object): Promise<{ results: { key: string }[] }> }
  page: { getPageById(asked: object): Promise<Page>; getPagesInSpace(asked: object): Promise<{ results: Page[] }> }
}

interface Older {
  search: { searchByCQL(asked: object): Promise<{ results: { title: string }[]; totalSize: number }> }
}

interface Library {
  createV2Client: (config: object) => Client
  createV1Client: (config: object) => Older
}

describe.skipIf(!installed.available)('confluence.js, with each answer held to its schema', () => {
  const fake = serving(confluence)
  let client: Client
  let older: Older

  beforeAll(async () => {
    const { createV1Client, createV2Client } = await library<Library>('confluence.js')
    client = createV2Client(account(fake.url()))
    older = createV1Client(account(fake.url()))
  })

  it('asks all that a wiki assistant does', async () => {
    expect((await client.space.getSpaces({ limit: 5 })).results.map(({ key }) => key)).toEqual(['DOCS', 'RUNBOOK'])
    const [first] = (await client.page.getPagesInSpace({ id: 65_536, limit: 2 })).results
    const page = await client.page.getPageById({ id: Number(first!.id), bodyFormat: 'storage' })
    expect(page.body?.storage?.value).toContain(page.title)
    expect(await older.search.searchByCQL({ cql: 'text ~ "incident"', limit: 2 })).toMatchObject({ results: { length: 2 }, totalSize: 20 })
  })

  it('is told of a page that there is not', async () => {
    await expect(client.page.getPageById({ id: 1 })).rejects.toMatchObject({ name: 'NotFoundError', status: 404 })
  })

  it.each(errorNames)('fails with %i as its own %s', async (status, name) => {
    fake.fail(status)
    await expect(client.space.getSpaces()).rejects.toMatchObject({ name, status })
  })
})
