import { beforeAll, describe, expect, it } from 'vitest'
import { jira } from '../../../../fake-upstreams/jira.ts'
import { account, errorNames } from './atlassian.ts'
import { installed, library, serving } from './client-library.ts'

interface Found {
  issues: { key: string }[]
  isLast: boolean
}

interface Client {
  serverInfo: { getServerInfo(): Promise<{ deploymentType: string }> }
  issueSearch: Record<
    'searchAndReconsileIssuesUsingJql' | 'searchAndReconsileIssuesUsingJqlPost',
    (asked: { jql: string; maxResults: number }) => Promise<Found>
  >
  issues: {
    getIssue(asked: { issueIdOrKey: string }): Promise<{ key: string; fields: { summary?: string } }>
    createIssue(asked: object): Promise<{ key: string }>
  }
  projects: { searchProjects(): Promise<{ values: { key: string }[] }> }
  issueTypes: { getIssueAllTypes(): Promise<{ name: string }[]> }
}

describe.skipIf(!installed.available)('jira.js, with each answer held to its schema', () => {
  const fake = serving(jira)
  let client: Client

  beforeAll(async () => {
    const { createCloudClient } = await library<{ createCloudClient: (config: object) => Client }>('jira.js')
    client = createCloudClient(account(fake.url()))
  })

  it('asks all that an issue assistant does', async () => {
    expect(await client.serverInfo.getServerInfo()).toMatchObject({ deploymentType: 'Cloud' })
    const asked = { jql: 'project = ASSIST', maxResults: 2 }
    for (const search of ['searchAndReconsileIssuesUsingJql', 'searchAndReconsileIssuesUsingJqlPost'] as const)
      expect(await client.issueSearch[search](asked)).toMatchObject({ issues: [{ key: 'ASSIST-20' }, { key: 'ASSIST-19' }], isLast: false })
    expect((await client.projects.searchProjects()).values.map(({ key }) => key)).toEqual(['ASSIST', 'OPS'])
    expect((await client.issueTypes.getIssueAllTypes()).map(({ name }) => name)).toContain('Bug')
  })

  it('finds the issue that it made', async () => {
    const fields = { project: { key: 'ASSIST' }, issuetype: { name: 'Task' }, summary: 'Answer once' }
    const { key } = await client.issues.createIssue({ fields })
    expect(await client.issues.getIssue({ issueIdOrKey: key })).toMatchObject({ key, fields: { summary: 'Answer once' } })
  })

  it('is told of an issue that there is not', async () => {
    await expect(client.issues.getIssue({ issueIdOrKey: 'NONE-1' })).rejects.toMatchObject({ name: 'NotFoundError', status: 404 })
  })

  it.each(errorNames)('fails with %i as its own %s', async (status, name) => {
    fake.fail(status)
    await expect(client.serverInfo.getServerInfo()).rejects.toMatchObject({ name, status })
  })
})
