// Who may call a control API: programs on this machine. A page in a browser may not, whatever name it has made point to 127.0.0.1.
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

const loopbackNames = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:127(?:\.\d{1,3}){3}\])$/i
const wildcards = new Set(['0.0.0.0', '::'])

/**
 * Why a request is refused; undefined when it is taken. Browsers are known by their user agent, as Toxiproxy knows them. `listensOn` is
 * the address of the server. On all addresses, as in a container, it also takes other addresses and names without a dot, which no
 * public name server can answer for.
 */
export function refusalOf({ host = '', ...headers }: IncomingHttpHeaders, listensOn = '127.0.0.1'): string | undefined {
  if (/^Mozilla/i.test(headers['user-agent'] ?? '')) return 'browsers are not served here'
  const name = host.replace(/:\d*$/, '')
  const bare = name.replace(/^\[(.*)\]$/, '$1')
  if (loopbackNames.test(name) || bare.toLowerCase() === listensOn.toLowerCase()) return undefined
  if (wildcards.has(listensOn) && (isIP(bare) !== 0 || /^[\w-]+$/.test(bare))) return undefined
  return `Host must be a loopback address or the one that this server listens on, not ${JSON.stringify(host.slice(0, 100))}`
}
