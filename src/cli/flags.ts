// What people write after a flag, read or refused with a line that says what to write.
import { InvalidArgumentError } from 'commander'
import type { Ms } from '../kernel/clock.ts'
import { parseDuration } from '../kernel/duration.ts'
import type { GatewayChoice } from '../stage/live/gateway-process.ts'

/** A URL is a gateway that is running; anything else is a command that starts one. */
export function gatewayChoice(text: string): GatewayChoice {
  if (text.trim() === '') throw new InvalidArgumentError('give a command or a URL')
  if (!/^https?:\/\//.test(text)) return { kind: 'command', command: text }
  if (!URL.canParse(text)) throw new InvalidArgumentError('not a URL that can be read')
  const { pathname, search } = new URL(text)
  if (pathname !== '/' || search !== '')
    throw new InvalidArgumentError('give the URL without a path: requests go to /{upstream}/… below its root')
  return { kind: 'url', url: text }
}

/** `gemini=9201`, added to those before it. */
export function fixedPort(text: string, sofar: Record<string, number>): Record<string, number> {
  const [, name, port] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? []
  if (!name || Number(port) < 1 || Number(port) > 65_535) throw new InvalidArgumentError('write UPSTREAM=PORT, such as gemini=9201')
  return { ...sofar, [name]: Number(port) }
}

/** A path of a URL, from its slash on. */
export function urlPath(text: string): string {
  if (/^\/\S*$/.test(text)) return text
  throw new InvalidArgumentError('give a path that begins with a slash, such as /healthz')
}

/** `30s`, in milliseconds. */
export function span(text: string): Ms {
  try {
    return parseDuration(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      most < Number.MAX_SAFE_INTEGER ? `give a whole number from ${least} to ${most}` : `give a whole number from ${least} on`,
    )
  }
}
