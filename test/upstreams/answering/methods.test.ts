import { expect, it } from 'vitest'
import { idempotentMethods, safeMethods } from '../../../src/contract/methods.ts'

it('calls every safe method idempotent, and no POST or PATCH', () => {
  expect(safeMethods.size).toBeGreaterThan(3)
  expect([...safeMethods].filter((method) => !idempotentMethods.has(method))).toEqual([])
  expect(['POST', 'PATCH', 'CONNECT'].filter((method) => idempotentMethods.has(method))).toEqual([])
})
