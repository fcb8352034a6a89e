import { expect, it } from 'vitest'
import { Refused } from '../../../src/gateway/services/service.ts'
import { unlessAway } from '../../../src/gateway/services/unless-away.ts'
import { StoreAway } from '../../../src/gateway/stores/store.ts'

const away = new StoreAway('connect ECONNREFUSED 10.1.2.3:6379')

it('tells a client that the store is away, and not where it is; the log gets the error', async () => {
  const error = await unlessAway(() => Promise.reject(away)).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(Refused)
  const { refusal, cause } = error as Refused
  expect(refusal).toEqual({ reason: 'store_away', technical: 'the store cannot be reached', retryAfter: 1 })
  expect(cause).toBe(away)
})

it('lets every other error pass', async () => {
  const other = new Error('a defect')
  await expect(unlessAway(() => Promise.reject(other))).rejects.toBe(other)
})
