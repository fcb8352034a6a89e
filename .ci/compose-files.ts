// The text of docker-compose.yml and of .docker/under-test.yml: every fake behind Toxiproxy, and a gateway for each system.
import { upstreamVariable } from '../src/contract/environment.ts'
import { fixedPorts } from '../src/stage/live/fixed-ports.ts'

/** A fake upstream, and where it is reached. */
export interface Fake {
  name: string
  /** From the root of the project. */
  file: string
  /** Where Toxiproxy listens for it. */
  proxy: number
  traffic: number
  control: number
}

export interface System {
  name: string
  /** Its upstreams, in its own order. */
  fakes: readonly Fake[]
  /** By name, such as `ci`: what GATEWAY_CONFIG names. */
  settings: ReadonlyMap<string, object>
}

/** Where Toxiproxy listens for Redis. */
export const REDIS_PROXY = 6380

const WRITTEN = '# Written by `npm run containers`.'

export function composeFile(systems: readonly System[], fakes: readonly Fake[]): string {
  const profiles = systems.map(({ name }) => name)
  const port = (of: 'proxy' | 'traffic' | 'control'): string => `${fakes[0]?.[of]}-${fakes.at(-1)?.[of]}`
  return `${WRITTEN} A system's gateway, its fakes and Toxiproxy as services, to play with by hand:
#
#   you ──► gateway :8080 ──► toxiproxy :${port('proxy')} ──► fakes :${port('traffic')}        a fake's faults are set at :${port('control')}
#
#   docker-compose --profile podcast up --build
#   curl http://127.0.0.1:8080/gemini/v1beta/models
#   curl -d '{"type":"latency","attributes":{"latency":3000}}' http://127.0.0.1:8474/proxies/gemini/toxics
#   SETTINGS=production docker-compose --profile podcast up                 with the system's own times; otherwise quick ones
#   docker-compose --profile podcast --profile monitoring up --build        also Prometheus :9090, and Grafana :3000 with a dashboard of the gateway
#
# One of the profiles at a time, since each has its gateway at :8080: ${profiles.join(', ')}.
# The profile \`fakes\` starts all fakes without a gateway.
# Ports are published on the loopback address alone: neither Toxiproxy nor the control APIs ask who is calling.
x-gatecrash: &gatecrash
  image: gatecrash:local
  build:
    context: .
    dockerfile: .docker/Dockerfile
  init: true

x-environment: &environment
  PORT: '8080'
  HOST: 0.0.0.0
  METRICS_PORT: '8000'
  # Prometheus is another machine to the gateway. Whoever can read this file may ask: ports are published on the loopback address alone.
  GATEWAY_ADMIN_TOKEN: operators-only
  # Where services keep their work: through Toxiproxy, so that it can be cut off from its gateway.
  REDIS_URL: redis://toxiproxy:${REDIS_PROXY}

x-gateway: &gateway
  <<: *gatecrash
  command: node src/gateway/main.ts
  networks:
    default:
      aliases: [gateway]
  ports: ['127.0.0.1:8080:8080']
  healthcheck:
    test: ['CMD', 'node', '-e', "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1))"]
    interval: 2s
    timeout: 2s
    retries: 10

services:
  toxiproxy:
    image: ghcr.io/shopify/toxiproxy:2.12.0
    command: ['-host=0.0.0.0', '-config=/etc/toxiproxy.json']
    volumes: ['./.docker/toxiproxy.json:/etc/toxiproxy.json:ro']
    ports:
      - 127.0.0.1:8474:8474
      - 127.0.0.1:${port('proxy')}:${port('proxy')}
    healthcheck:
      test: ['CMD', '/toxiproxy-cli', 'list']
      interval: 2s
      timeout: 2s
      retries: 10

  redis:
    image: redis:8
    # On disk before it is acknowledged: what a gateway accepted outlives Redis.
    command: [redis-server, --appendonly, 'yes', --appendfsync, always]
    ports: ['127.0.0.1:6379:6379']
    healthcheck:
      test: ['CMD', 'redis-cli', 'ping']
      interval: 2s
      timeout: 2s
      retries: 10

${systems.map(gatewayService).join('\n')}
${fakes.map((fake) => fakeService(fake, systems)).join('\n')}
  prometheus:
    image: prom/prometheus:v3.7.3
    profiles: [monitoring]
    volumes: ['./.docker/prometheus:/etc/prometheus:ro']
    ports: ['127.0.0.1:9090:9090']

  grafana:
    image: grafana/grafana:12.2.1
    profiles: [monitoring]
    environment:
      GF_AUTH_ANONYMOUS_ENABLED: 'true'
      GF_AUTH_ANONYMOUS_ORG_ROLE: Viewer
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: /var/lib/grafana/dashboards/gateway.json
    volumes:
      - ./.docker/grafana/provisioning:/etc/grafana/provisioning:ro
      - ./.docker/grafana/gateway.json:/var/lib/grafana/dashboards/gateway.json:ro
    ports: ['127.0.0.1:3000:3000']
`
}

function gatewayService({ name, fakes }: System): string {
  return `  gateway-${name}:
    <<: *gateway
    profiles: [${name}]
    environment:
      <<: *environment
      GATEWAY_CONFIG: gateways/${name}/\${SETTINGS:-ci}.json
${fakes.map((fake) => `      ${upstreamVariable(fake.name)}: http://toxiproxy:${fake.proxy}\n`).join('')}\
    depends_on:
      toxiproxy:
        condition: service_healthy
${fakes.map((fake) => `      ${fake.name}:\n        condition: service_started\n`).join('')}`
}

function fakeService({ name, file, traffic, control }: Fake, systems: readonly System[]): string {
  const users = systems.filter(({ fakes }) => fakes.some((fake) => fake.name === name))
  return `  ${name}:
    <<: *gatecrash
    profiles: [${['fakes', ...users.map((user) => user.name)].join(', ')}]
    command: node ${file} --port ${traffic} --host 0.0.0.0 --control-port ${control} --control-host 0.0.0.0
    ports:
      - 127.0.0.1:${traffic}:${traffic}
      - 127.0.0.1:${control}:${control}
`
}

/** Of a system whose upstreams are those of `steady`, in the same order. */
export function underTestFile({ name, fakes }: System): string {
  const ports = Object.values(fixedPorts({ upstreams: Object.fromEntries(fakes.map((fake) => [fake.name, fake])) }))
  const others = ports.slice(1).map((port) => `#                                        :${port}\n`)
  return `${WRITTEN} The reference gateway and Toxiproxy as containers that a run uses, both on the machine's own network:
#
#   load ──► gateway :8080 ──► toxiproxy :${ports[0]} ──► fakes        load, fakes and conductor are processes of the run
${others.join('')}\
#
#   docker-compose -f .docker/under-test.yml up --detach
#   npm run scenario -- steady --gateway http://127.0.0.1:8080 --toxiproxy http://127.0.0.1:8474
services:
  toxiproxy:
    image: ghcr.io/shopify/toxiproxy:2.12.0
    command: ['-host=127.0.0.1']
    network_mode: host

  gateway:
    image: gatecrash:local
    build:
      context: ..
      dockerfile: .docker/Dockerfile
    init: true
    command: node src/gateway/main.ts
    network_mode: host
    environment:
      PORT: '8080'
      GATEWAY_CONFIG: gateways/${name}/ci.json
      # The ports that a run gives to the upstreams of a gateway that is running already.
${fakes.map((fake, at) => `      ${upstreamVariable(fake.name)}: http://127.0.0.1:${ports[at]}\n`).join('')}`
}
