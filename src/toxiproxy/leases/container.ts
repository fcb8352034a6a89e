// Runs a Toxiproxy image. On Linux the container shares the machine's network, so that it reaches upstreams that listen on
// loopback alone; elsewhere containers live in a virtual machine, which forwards `host.docker.internal` to the host's loopback.
import { GatecrashError } from '../../kernel/errors.ts'
import { freePort } from '../../kernel/server.ts'
import type { Held } from '../lease.ts'

const CONTROL_PORT = 8474
/** The proxies' ports in the container, as many as scenarios have upstreams, with room. */
const FIRST_PROXY_PORT = 8666
const PROXY_PORTS = 32

/** @throws GatecrashError `component_missing` without testcontainers or a container engine, `child_failed` when the image does not start */
export async function holdContainer(image: string): Promise<Held> {
  const { GenericContainer, Wait } = await testcontainers()
  const shared = process.platform === 'linux'
  const port = shared ? await freePort() : CONTROL_PORT
  const proxyPorts = Array.from({ length: PROXY_PORTS }, (_, index) => FIRST_PROXY_PORT + index)
  const container = new GenericContainer(image)
    .withCommand([`-host=${shared ? '127.0.0.1' : '0.0.0.0'}`, `-port=${port}`])
    .withAutoRemove(true)
    .withWaitStrategy(Wait.forLogMessage('Starting Toxiproxy HTTP server'))
    .withStartupTimeout(60_000)
  const started = await (shared ? container.withNetworkMode('host') : container.withExposedPorts(port, ...proxyPorts))
    .start()
    .catch((cause: Error) => {
      throw new GatecrashError('child_failed', `${image}: ${cause.message}; pull it by hand: docker pull ${image}`, { cause })
    })
  const release = async (): Promise<void> => {
    await started.stop({ timeout: 0 })
  }
  if (shared) return { info: { url: `http://127.0.0.1:${port}`, pids: [] }, release }
  const ports = Object.fromEntries(proxyPorts.map((inside) => [String(inside), started.getMappedPort(inside)]))
  return { info: { url: `http://${started.getHost()}:${started.getMappedPort(port)}`, pids: [], ports }, release }
}

/** Optional, as it brings along 175 packages: loaded when it is asked for. */
async function testcontainers(): Promise<typeof import('testcontainers')> {
  const module = await import('testcontainers').catch((cause: unknown) => {
    throw new GatecrashError('component_missing', 'docker needs the package testcontainers; install it: npm install -D testcontainers', {
      cause,
    })
  })
  await module.getContainerRuntimeClient().catch((cause: unknown) => {
    throw new GatecrashError('component_missing', 'docker: no container engine answers; start Docker, or use --toxiproxy embedded', {
      cause,
    })
  })
  return module
}
