// What scenario files and fake upstreams are written with: a name that goes, or changes, breaks files that others wrote.
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import * as author from '../../src/index.ts'

const { claims, criteria, faults, ...flat } = author

it('exports these names', () => {
  expect(Object.keys(flat).toSorted().join(' ')).toMatchInlineSnapshot(
    `"amplification atRate blackhole breaker cut defineConfig defineCriterion defineRequestFault defineUpstream errorRate fastFail flapping goodput latency p95 p99 perSecond phase ramp reference request scenario serveAlone slowLink stall status times unharmed unsafeRetries warmUp"`,
  )
  expect(Object.keys(criteria).toSorted().join(' ')).toMatchInlineSnapshot(
    `"alerts amplification answers backToBaseline breaker concurrency effects errorRate failedOperations fallbacks fastFail goodput goodputAfter growth identities operations p50 p95 p99 pace restoredWithin retries saturation streams unharmed unsafeRetries upstreamWork webhooks"`,
  )
  expect(Object.keys(claims).toSorted().join(' ')).toMatchInlineSnapshot(
    `"isolates leaksNothing recovers survivesBadNetworkTo survivesOutageOf survivesSlownessOf"`,
  )
  expect(Object.keys(faults).toSorted().join(' ')).toMatchInlineSnapshot(
    `"blackhole closedAfter cut cutStream disconnect disconnectMidBody drip halfOpen hang killed latency malformed overloaded packetLoss paused resets restarted sharedLink shortLived slowLink slowNetwork slowStart stall stalledStream status streamError toxic truncated unsteadyNetwork"`,
  )
})

it('exports at most 30 of them beside the namespaces', () => {
  expect(Object.keys(flat).length).toBeLessThanOrEqual(30)
})

it('gives a member of a namespace no other meaning under its own name', () => {
  const both = Object.entries({ ...criteria, ...faults }).filter(([name]) => name in flat)
  expect(both.length).toBeGreaterThan(10)
  expect(flat).toMatchObject(Object.fromEntries(both))
})

it('publishes these entry points, each of a file that there is', () => {
  expect(Object.keys(manifest.exports)).toMatchInlineSnapshot(`
    [
      ".",
      "./run",
      "./vitest",
      "./policies",
      "./msw",
      "./toxiproxy",
    ]
  `)
  for (const { default: file } of Object.values(manifest.exports))
    expect(existsSync(file.replace('./dist/', '').replace(/\.js$/, '.ts')), file).toBe(true)
})
