import { beforeAll, describe, expect, it } from 'vitest'
import { gcs } from '../../../../fake-upstreams/gcs.ts'
import { type ErrorClass, installed, library, serving } from './client-library.ts'

interface File {
  name: string
  /** With its own checks of the checksum. */
  save(bytes: Buffer, options: { resumable: boolean }): Promise<void>
  download(): Promise<[Buffer]>
  exists(): Promise<[boolean]>
  getMetadata(): Promise<[{ size: string }]>
  delete(): Promise<unknown>
}

interface Bucket {
  file(name: string): File
  getFiles(asked: object): Promise<[File[]]>
}

interface Library {
  Storage: new (options: object) => { bucket(name: string): Bucket }
  ApiError: ErrorClass
}

describe.skipIf(!installed.available)('@google-cloud/storage', () => {
  const fake = serving(gcs)
  let bucket: Bucket
  let ApiError: ErrorClass

  beforeAll(async () => {
    const loaded = await library<Library>('@google-cloud/storage')
    ApiError = loaded.ApiError
    const storage = new loaded.Storage({ apiEndpoint: fake.url(), projectId: 'any', retryOptions: { autoRetry: false } })
    bucket = storage.bucket('podcast-audio')
  })

  it.each([
    ['at once', false],
    ['resumably', true],
  ])('gets back what it uploaded %s', async (_how, resumable) => {
    const bytes = Buffer.from([0, 255, 13, 10, 13, 10, 45, 45])
    const file = bucket.file(`uploads/${resumable ? 'parts' : 'whole'}.bin`)
    await file.save(bytes, { resumable })
    expect((await file.download())[0]).toEqual(bytes)
    expect((await file.getMetadata())[0].size).toBe('8')
  })

  it('lists objects, and deletes one', async () => {
    const [files] = await bucket.getFiles({ prefix: 'episodes/1' })
    expect(files).toHaveLength(11)
    await files[0]!.delete()
    expect((await files[0]!.exists())[0]).toBe(false)
  })

  it('is told of an object that there is not', async () => {
    await expect(bucket.file('none').getMetadata()).rejects.toMatchObject({ constructor: ApiError, code: 404 })
  })

  it.each([429, 503])('fails with %i as its own error', async (code) => {
    fake.fail(code)
    await expect(bucket.file('episodes/2.mp3').getMetadata()).rejects.toMatchObject({ constructor: ApiError, code })
  })
})
