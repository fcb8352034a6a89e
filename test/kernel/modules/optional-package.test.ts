import { expect, it } from 'vitest'
import { optionalPackage } from '../../../src/kernel/modules/optional-package.ts'

const notFound = (name: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`Cannot find package '${name}' imported from /x.js`), { code: 'ERR_MODULE_NOT_FOUND' }))

it('loads what is installed', async () => {
  await expect(optionalPackage('msw', 'gatecrash/msw', () => Promise.resolve({ http: 1 }))).resolves.toEqual({ http: 1 })
})

it('says how to install what is not', async () => {
  await expect(optionalPackage('msw', 'gatecrash/msw', () => notFound('msw'))).rejects.toMatchObject({
    code: 'component_missing',
    message: 'gatecrash/msw needs the package msw: npm install --save-dev msw',
  })
})

it('blames nothing but the package itself: one that lacks a part of its own is told as it is', async () => {
  await expect(optionalPackage('msw', 'gatecrash/msw', () => notFound('graphql'))).rejects.toThrow("Cannot find package 'graphql'")
})
