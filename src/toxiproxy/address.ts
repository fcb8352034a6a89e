// `host:port` as Go's net package reads, resolves, reports and rejects it.
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { apiErrors } from './api/api-error.ts'

/** A parsed address. An empty host means every interface. */
export interface HostPort {
  host: string
  port: number
}

// The names that Go knows without /etc/services (net/port.go).
const SERVICES: Record<string, number> = {
  domain: 53,
  ftp: 21,
  ftps: 990,
  gopher: 70,
  http: 80,
  https: 443,
  imap2: 143,
  imap3: 220,
  imaps: 993,
  pop3: 110,
  pop3s: 995,
  smtp: 25,
  ssh: 22,
  telnet: 23,
}

/** Reads `host:port`, `[v6]:port` or `:port`. The empty text is any port on every interface. @throws ApiError 500 */
export function parseAddress(address: string): HostPort {
  if (address === '') return { host: '', port: 0 }
  const bad = (reason: string) => apiErrors.failed(`address ${address}: ${reason}`)
  const colon = address.lastIndexOf(':')
  if (colon < 0) throw bad('missing port in address')
  if (!address.startsWith('[')) {
    if (address.indexOf(':') !== colon) throw bad('too many colons in address')
    return { host: address.slice(0, colon), port: parsePort(address.slice(colon + 1)) }
  }
  const bracket = address.indexOf(']')
  if (bracket < 0) throw bad("missing ']' in address")
  if (bracket + 1 === address.length) throw bad('missing port in address')
  if (bracket + 1 !== colon) throw bad(address[bracket + 1] === ':' ? 'too many colons in address' : 'missing port in address')
  return { host: address.slice(1, bracket), port: parsePort(address.slice(colon + 1)) }
}

/** `127.0.0.1:80` or `[::1]:80`. Every interface is `[::]:80`. An IPv4 address written as IPv6 is IPv4. */
export function formatAddress({ host, port }: HostPort): string {
  if (isEveryInterface(host)) return `[::]:${port}`
  const plain = host.replace(/^::ffff:(?=\d+\.)/i, '')
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`
}

/** Turns the host into an IP address, IPv4 before IPv6. @throws ApiError 500 for an unknown name */
export async function resolveAddress({ host, port }: HostPort): Promise<HostPort> {
  if (isEveryInterface(host)) return { host: '::', port }
  if (isIP(host)) return { host, port }
  const found = await lookup(host, { all: true }).catch(() => [])
  const best = found.find(({ family }) => family === 4) ?? found[0]
  if (!best) throw apiErrors.failed(`lookup ${host}: no such host`)
  return { host: best.address, port }
}

function isEveryInterface(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::'
}

function parsePort(port: string): number {
  if (port === '') return 0
  if (Object.hasOwn(SERVICES, port.toLowerCase())) return SERVICES[port.toLowerCase()]!
  if (!/^[+-]?\d+$/.test(port)) throw apiErrors.failed(`lookup tcp/${port}: unknown port`)
  const number = Number(port)
  if (number < 0 || number > 65535) throw apiErrors.failed(`address ${port}: invalid port`)
  return number
}
