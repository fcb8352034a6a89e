import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDescription } from '../../../../src/project/init/openapi/read-description.ts'

describe('a description that cannot be read', () => {
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'gatecrash-openapi-'))))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const told = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name)
    await writeFile(file, text)
    return readDescription(file).then(
      () => 'it was read',
      (error: Error & { code?: string }) => `${error.code}: ${error.message.replaceAll(folder, '')}`,
    )
  }

  it.each([
    ['is no JSON', 'a.json', '{"openapi":', /JSON/],
    ['is no YAML', 'a.yaml', 'a: "b', /neither JSON nor YAML/],
    ['is empty', 'b.yaml', '', /openapi|empty/],
    ['is something else', 'c.json', '{"name":"shop"}', /must be "3\.x", or swagger "2\.0", got nothing/],
    ['has an unknown version', 'd.yaml', 'openapi: 4.0.0\npaths: {}', /got "4\.0\.0"/],
    ['has no paths', 'e.yaml', 'openapi: 3.1.0', /paths/],
  ])('because it %s', async (_, name, text, message) => {
    expect(await told(name, text)).toMatch(/^invalid_config: /)
    expect(await told(name, text)).toMatch(message)
  })

  it.each([
    ['3.1 without quotes', 'g.yaml', 'openapi: 3.1\npaths: {}', '3.1'],
    ['2.0 without quotes', 'h.yaml', 'swagger: 2.0\npaths: {}', '3.1'],
  ])('but not because its version is %s', async (_, name, text, version) => {
    await writeFile(join(folder, name), text)
    expect(String((await readDescription(join(folder, name)))['openapi'])).toMatch(version)
  })

  it('tells every reference that leads nowhere, with its place', async () => {
    const text =
      'openapi: 3.1.0\npaths:\n  /a: { $ref: "#/nowhere" }\n  /b: { $ref: "./gone.yaml" }\n  /c: { $ref: "https://x.test/c.yaml" }\n'
    const message = await told('f.yaml', text)
    expect(message).toMatch(/3 problems/)
    expect(message).toMatch(/paths\.\/a .*#\/nowhere/)
    expect(message).toMatch(/paths\.\/b .*gone\.yaml/)
    expect(message).toMatch(/paths\.\/c .*addresses are not fetched; keep a copy beside the file/)
  })

  it('because it is not there', async () => {
    await expect(readDescription(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('none.yaml'),
    })
  })
})
