// Services' own client libraries, as `npm run foreign:build` installed them, and fakes that they are pointed at.
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import type { Upstream } from '../../../../src/upstreams/define.ts'
import { serveControlled } from '../../../../src/upstreams/serve-controlled.ts'
import { component } from '../../../components.ts'

export const installed = component('client-libraries')

/** A library's module. The caller says what it uses of it: where nothing is installed, the compiler has nothing to look at. */
export async function library<Module>(name: string): Promise<Module> {
  if (!installed.available) throw new Error(installed.reason)
  const loader = pathToFileURL(join(dirname(installed.path), 'load.mjs')).href
  const { load } = (await import(loader)) as { load: (specifier: string) => Promise<Module> }
  return load(name)
}

/** A class of errors. */
export type ErrorClass = new (...args: never[]) => Error

/** Serves a fake for the tests of a file, healthy until `fail` is called. */
export function serving(upstream: Upstream): { url: () => string; fail: (status: number) => void } {
  let served: Awaited<ReturnType<typeof serveControlled>>
  beforeAll(async () => {
    served = await serveControlled(upstream, { port: 0, host: '127.0.0.1', controlPort: 0, controlHost: '127.0.0.1', seed: 1 })
  })
  afterAll(() => served.close())
  return {
    url: () => served.traffic.url,
    fail: (status) => served.traffic.faults.set({ id: 'failing', fault: { is: 'status', status }, hits: {} }),
  }
}
