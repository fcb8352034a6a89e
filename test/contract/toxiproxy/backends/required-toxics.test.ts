// What a run needs of its Toxiproxy is asked for before the run begins.
import { describe, expect, it } from 'vitest'
import { startToxiproxy } from '../../../../src/toxiproxy/backends/start.ts'
import { component } from '../../../components.ts'

const real = component('toxiproxy-server')
const options = { seed: 1, runId: 'required' }
const lossy = { ...options, toxics: ['latency', 'packet_loss', 'jitter'] }

it('the embedded server has every toxic', async () => {
  await using toxiproxy = await startToxiproxy('embedded', lossy)
  expect(toxiproxy.kind).toBe('embedded')
})

describe.skipIf(!real.available)('a real server', () => {
  const path = real.available ? real.path : ''

  it('is refused, and ended, when the run needs a toxic of our own', async () => {
    await expect(startToxiproxy(`binary=${path}`, lossy)).rejects.toMatchObject({
      code: 'unsupported_backend',
      message: expect.stringMatching(
        /has no packet_loss or jitter toxic; only the embedded server has: use --toxiproxy embedded$/,
      ) as string,
    })
  })

  it('will do for all others', async () => {
    await using toxiproxy = await startToxiproxy(`binary=${path}`, { ...options, toxics: ['latency', 'timeout'] })
    expect(toxiproxy.kind).toBe('binary')
  })

  it('is what "auto" takes, unless the run needs more', async () => {
    const before = process.env['TOXIPROXY_SERVER']
    process.env['TOXIPROXY_SERVER'] = path
    try {
      await using one = await startToxiproxy('auto', { ...options, toxics: ['latency'] })
      await using other = await startToxiproxy('auto', lossy)
      expect([one.kind, other.kind]).toEqual(['binary', 'embedded'])
    } finally {
      if (before === undefined) delete process.env['TOXIPROXY_SERVER']
      else process.env['TOXIPROXY_SERVER'] = before
    }
  })
})
