// Runs a Toxiproxy image. On Linux the container shares the machine's network, so that it reaches upstreams that listen on
// loopback alone. Elsewhere containers live in a virtual machine, which forwards `host.docker.internal` to the host's loopback.
import type { StartedTestContainer } from 'testcontainers'
import { GatecrashError } from '../../kernel/errors.ts'
import { freePort } from '../../kernel/server.ts'
import type { Held, HeldInfo } from './held.ts'

// What ToxiProxyContainer publishes: the control API, and 32 ports for proxies.
const CONTROL_PORT = 8474
const PROXY_PORTS = Array.from({ length: 32 }, (_, index) => 8666 + index)

/** @throws GatecrashError `component_missing` without testcontainers or a container engine, `child_failed` when the image does not start */
export async function holdContainer(image: string): Promise<Held> {
  const start = process.platform === 'linux' ? onTheMachinesNetwork : throughPublishedPorts
  await findEngine()
  const { container, info } = await start(image).catch((cause: Error) => {
    throw new GatecrashError('child_failed', `${image}: ${cause.message}; try it by hand: docker run --rm ${image}`, { cause })
  })
  const release = async (): Promise<void> => {
    await container.stop({ timeout: 0 })
  }
  return { info, release }
}

interface Running {
  container: StartedTestContainer
  info: HeldInfo
}

async function onTheMachinesNetwork(image: string): Promise<Running> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const port = await freePort()
  const container = await new GenericContainer(image)
    .withCommand(['-host=127.0.0.1', `-port=${port}`])
    .withNetworkMode('host')
    .withAutoRemove(true)
    .withWaitStrategy(Wait.forLogMessage('Starting Toxiproxy HTTP server'))
    .withStartupTimeout(60_000)
    .start()
  return { container, info: { url: `http://127.0.0.1:${port}`, pids: [] } }
}

async function throughPublishedPorts(image: string): Promise<Running> {
  const { ToxiProxyContainer } = await import('@testcontainers/toxiproxy')
  const container = await new ToxiProxyContainer(image).withAutoRemove(true).start()
  const ports = Object.fromEntries(PROXY_PORTS.map((inside) => [String(inside), container.getMappedPort(inside)]))
  return { container, info: { url: `http://${container.getHost()}:${container.getMappedPort(CONTROL_PORT)}`, pids: [], ports } }
}

/** testcontainers brings along 175 packages. So it is optional, and loaded only when a container is asked for. */
async function findEngine(): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers').catch((cause: unknown) => {
    throw new GatecrashError('component_missing', 'docker needs a package: npm install -D testcontainers @testcontainers/toxiproxy', {
      cause,
    })
  })
  await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new GatecrashError('component_missing', 'docker: no container engine answers; start Docker, or use --toxiproxy embedded', {
      cause,
    })
  })
}
