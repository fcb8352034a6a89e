// The file that a server begins with. It holds what `POST /populate` takes, and is read as leniently. All its problems are reported
// together, each with its place, which the API's own words lack.
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { GatecrashError, type Problem, problemsError } from '../kernel/errors.ts'
import { check, shown } from '../kernel/validation.ts'
import { parseAddress } from './address.ts'
import { parseBody } from './decode.ts'
import { plainValue } from './go-json.ts'

const text = (what: string) => z.string(`must be ${what}`).min(1, 'must not be empty')

const proxy = z.object(
  {
    name: text('a name'),
    upstream: text('a host:port'),
    listen: z
      .string('must be a host:port')
      .superRefine((address, context) => {
        const reason = whyNoAddress(address)
        if (reason !== undefined) context.addIssue({ code: 'custom', message: `must be a host:port, got ${shown(address)}: ${reason}` })
      })
      .optional(),
    enabled: z.boolean('must be true or false').optional(),
  },
  'must be a proxy',
)

const proxies = z.array(proxy, 'must be an array of proxies')

/** @throws GatecrashError `invalid_config`, with every problem */
export async function readConfigFile(file: string): Promise<z.output<typeof proxies>> {
  const problems: Problem[] = []
  const read = check(proxies, normalized(parse(file, await textOf(file))), '', problems)
  if (!read) throw problemsError('invalid_config', file, problems)
  return read
}

async function textOf(file: string): Promise<string> {
  try {
    // Unlike `toString`, TextDecoder removes a byte order mark.
    return new TextDecoder().decode(await readFile(file))
  } catch (cause) {
    throw unusable(`${file} cannot be read (${(cause as Error).message})`, cause)
  }
}

function parse(file: string, content: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    try {
      // The original reads the first value and ignores what follows.
      return plainValue(parseBody(content))
    } catch {
      throw unusable(`${file}: not JSON: ${(cause as Error).message}`, cause)
    }
  }
}

function unusable(what: string, cause: unknown): GatecrashError {
  const example = '[{"name": "redis", "listen": "127.0.0.1:26379", "upstream": "127.0.0.1:6379"}]'
  return new GatecrashError('invalid_config', `${what}; it must hold an array of proxies, such as ${example}`, { cause })
}

/** Keys match in any letter case, and `null` leaves a field unset, as everywhere in Toxiproxy. */
function normalized(content: unknown): unknown {
  if (content === null) return []
  if (!Array.isArray(content)) return content
  return content.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry
    const given = Object.entries(entry).filter(([, value]) => value !== null)
    return Object.fromEntries(given.map(([key, value]) => [key.toLowerCase(), value as unknown]))
  })
}

function whyNoAddress(address: string): string | undefined {
  try {
    parseAddress(address)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
