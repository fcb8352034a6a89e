// docker-compose.yml and what its containers read: what is committed is what the systems and the fakes give, and its parts fit together.
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { containerFiles } from '../../.ci/containers.ts'
import { upstreamVariable } from '../../src/contract/environment.ts'
import { checkConfig } from '../../src/gateway/config.ts'

interface Service {
  profiles?: string[]
  command?: string
  ports?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, unknown>
}

const files = await containerFiles()
const textOf = (file: string): string => files.get(file) ?? ''
const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> }
const proxies = JSON.parse(textOf('.docker/toxiproxy.json')) as { name: string; listen: string; upstream: string }[]
const gateways = Object.entries(services).filter(([name]) => name.startsWith('gateway-'))
const configs = [...files.keys()].filter((file) => file.startsWith('.docker/gateways/'))

it('is what is committed; run `npm run containers`', () => {
  expect(configs.length).toBeGreaterThan(8)
  expect(globSync('.docker/gateways/**/*.json').toSorted()).toEqual(configs.toSorted())
  for (const [file, text] of files) expect(readFileSync(file, 'utf8'), file).toBe(text)
})

it('has a service and a proxy for each fake', () => {
  const fakes = globSync('fake-upstreams/*.ts')
  expect(Object.values(services).flatMap(({ command = '' }) => /fake-upstreams\/\S+/.exec(command) ?? [])).toEqual(fakes.toSorted())
  // Redis is behind it too, and is no fake.
  for (const { name, upstream } of proxies.filter((proxy) => proxy.name !== 'redis')) {
    const port = upstream.slice(`${name}:`.length)
    expect(services[name]?.command).toContain(`--port ${port} `)
    expect(services[name]?.ports).toContain(`127.0.0.1:${port}:${port}`)
  }
})

it('publishes no port twice in one profile, and none but on loopback', () => {
  for (const profile of new Set(Object.values(services).flatMap(({ profiles = [] }) => profiles))) {
    const started = Object.values(services).filter(({ profiles = [profile] }) => profiles.includes(profile))
    const ports = started.flatMap(({ ports: own = [] }) => own)
    expect(new Set(ports).size, profile).toBe(ports.length)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  }
})

it('starts with a gateway all that it reaches, by way of Toxiproxy', () => {
  expect(gateways.length).toBeGreaterThan(3)
  for (const [name, { environment = {}, profiles = [], depends_on: needed = {} }] of gateways) {
    const upstreams = Object.keys(needed).filter((one) => one !== 'toxiproxy')
    expect(Object.keys(environment).filter((one) => one.startsWith('UPSTREAM_'))).toEqual(upstreams.map(upstreamVariable))
    for (const upstream of upstreams) {
      const { listen = '' } = proxies.find((proxy) => proxy.name === upstream) ?? {}
      expect(environment[upstreamVariable(upstream)], name).toBe(`http://toxiproxy:${listen.slice('[::]:'.length)}`)
      expect(services[upstream]?.profiles, upstream).toEqual(expect.arrayContaining(profiles))
    }
  }
})

it('gives each gateway settings that it accepts, the quick ones by default', () => {
  for (const [, { environment = {} }] of gateways) {
    const file = `.docker/${environment['GATEWAY_CONFIG']?.replace('${SETTINGS:-ci}', 'ci')}`
    expect(configs).toContain(file)
    expect(configs).toContain(file.replace('ci.json', 'production.json'))
  }
  for (const file of configs) {
    const config = JSON.parse(textOf(file)) as { upstreams: Record<string, unknown> }
    const urls = Object.fromEntries(Object.keys(config.upstreams).map((name) => [name, 'http://127.0.0.1:1']))
    expect(() => checkConfig(file, config, urls)).not.toThrow()
  }
})
