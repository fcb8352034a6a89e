import { beforeAll, describe, expect, it } from 'vitest'
import { firestore } from '../../../../fake-upstreams/firestore.ts'
import { installed, library, serving } from './client-library.ts'

interface Snapshot {
  exists: boolean
  data(): object | undefined
}

interface Reference {
  get(): Promise<Snapshot>
  set(fields: object): Promise<unknown>
  delete(): Promise<unknown>
}

interface Batch {
  set(reference: Reference, fields: object): Batch
  commit(): Promise<unknown[]>
}

interface Transaction {
  get(reference: Reference): Promise<Snapshot>
  set(reference: Reference, fields: object): Transaction
}

interface Database {
  doc(path: string): Reference
  collection(path: string): { limit(most: number): { get(): Promise<{ size: number }> } }
  batch(): Batch
  runTransaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
}

interface Credentials {
  setCredentials(given: object): void
}

// Its default is gRPC, which the fake does not speak: preferRest has it ask by HTTP/1.1.
describe.skipIf(!installed.available)('@google-cloud/firestore, by REST', () => {
  const fake = serving(firestore)
  let database: Database

  beforeAll(async () => {
    const { Firestore } = await library<{ Firestore: new (options: object) => Database }>('@google-cloud/firestore')
    const { OAuth2Client } = await library<{ OAuth2Client: new () => Credentials }>('google-auth-library')
    const authClient = new OAuth2Client()
    authClient.setCredentials({ access_token: 'any', expiry_date: Number.MAX_SAFE_INTEGER })
    const { hostname: host, port } = new URL(fake.url())
    database = new Firestore({ projectId: 'debug-toolkit', preferRest: true, host, port: Number(port), ssl: false, authClient })
  })

  it('gets back what it wrote, and is told what there is not', async () => {
    const trace = database.doc('traces/written')
    await trace.set({ synced: true, tries: 3 })
    expect((await trace.get()).data()).toEqual({ synced: true, tries: 3 })
    await trace.delete()
    expect((await trace.get()).exists).toBe(false)
  })

  it('finds the documents of a collection', async () => {
    expect((await database.collection('traces').limit(3).get()).size).toBe(3)
  })

  it('writes a batch whole', async () => {
    const [one, other] = [database.doc('runs/1'), database.doc('runs/2')]
    expect(await database.batch().set(one, { ok: true }).set(other, { ok: false }).commit()).toHaveLength(2)
    expect((await other.get()).data()).toEqual({ ok: false })
  })

  it('reads and writes in one transaction', async () => {
    const trace = database.doc('traces/trace_1')
    const before = await database.runTransaction(async (transaction) => {
      const found = await transaction.get(trace)
      transaction.set(trace, { seen: true })
      return found.data()
    })
    expect(before).toEqual({ synced: true })
    expect((await trace.get()).data()).toMatchObject({ seen: true })
  })

  // Codes of gRPC, as its errors have them by REST too.
  it.each([
    [404, 5],
    [400, 3],
  ])('fails with %i as its own error', async (status, code) => {
    fake.fail(status)
    await expect(database.doc('traces/trace_2').get()).rejects.toMatchObject({ code })
  })
})
