// Binds a proxy's address, and reports failures in the words of Go.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { formatAddress, type HostPort, parseAddress, resolveAddress } from '../address.ts'
import { socketOptions } from './connection.ts'
import { apiErrors } from '../api/api-error.ts'

/**
 * Listens on `listen` and reports the address as it was bound. Clients are handed over paused.
 * @throws ApiError 500
 */
export async function startListener(listen: string, accept: (client: Socket) => void): Promise<{ server: Server; address: string }> {
  const asked = await resolve(listen)
  const server = createServer({ ...socketOptions, pauseOnConnect: true }, accept)
  await bind(server, asked)
  const bound = server.address() as AddressInfo
  return { server, address: formatAddress({ host: bound.address, port: bound.port }) }
}

async function resolve(listen: string): Promise<HostPort> {
  try {
    return await resolveAddress(parseAddress(listen))
  } catch (error) {
    throw apiErrors.failed(`listen tcp: ${(error as Error).message}`)
  }
}

async function bind(server: Server, { host, port }: HostPort): Promise<void> {
  const attempt = (on: string): Promise<void> =>
    new Promise((bound, failed) => {
      // This handler stays: a listener may fail later too, when it accepts without a free file descriptor.
      server.on('error', failed)
      server.listen({ host: on, port }, bound)
    })
  try {
    // Every interface is `::` where there is IPv6.
    await attempt(host).catch((error: NodeJS.ErrnoException) => {
      if (host !== '::' || !WITHOUT_IPV6.has(error.code ?? '')) throw error
      return attempt('0.0.0.0')
    })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw apiErrors.failed(`listen tcp ${formatAddress({ host, port })}: bind: ${REASONS[code] ?? message}`)
  }
}

const WITHOUT_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'])

const REASONS: Record<string, string> = {
  EADDRINUSE: 'address already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
}
