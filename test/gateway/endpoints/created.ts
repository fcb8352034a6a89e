// A gateway with every service on, that listens nowhere: its addresses are asked in this process, its upstreams answer from a script, and
// its time stands still until it is told to move.
import { pino } from 'pino'
import { MockAgent } from 'undici'
import { checkConfig, type GatewayConfigInput } from '../../../src/gateway/config.ts'
import { type CreatedGateway, createGateway } from '../../../src/gateway/create-gateway.ts'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'

export const COLLECTION = '/v1/projects/p/databases/(default)/documents/traces'

const breaker = { failures: 1, recovery: '30s', recoveryJitter: 0 } as const

/** Chroma and billing alone have a breaker. */
export const everyService = {
  upstreams: {
    chroma: { breaker, timeout: { attempt: '15s', total: '60s' }, retry: { attempts: 1 } },
    billing: { breaker },
    git: { bulkhead: { concurrent: 5 } },
    firestore: { retry: { attempts: 1 } },
    'webhook-receiver': { retry: { attempts: 1 } },
    'evidence-api': { retry: { attempts: 1 } },
  },
  services: {
    alerts: {},
    health: { service: 'assistant', debug: true },
    status: {},
    chain: {
      steps: [
        { name: 'search', upstream: 'chroma', path: '/query', body: { text: '{query}' }, fails: 'open' },
        { name: 'charge', upstream: 'billing', path: '/deduct_cost', fails: 'closed' },
        { name: 'snapshot', upstream: 'git', path: '/snapshot', fails: 'best_effort' },
      ],
    },
    operations: {},
    quotas: { api: { limit: 100, per: '1s' }, operations: 2, storage: { bytes: 1000 } },
    sync: { collection: COLLECTION },
    webhooks: { evidence: 'evidence-api' },
  },
} as const satisfies GatewayConfigInput

export interface Asking {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  /** Sent as JSON; a text as it is. */
  body?: unknown
}

export interface Answered {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  /** Undefined where the body is no JSON. */
  json: unknown
}

/** What an upstream answers to a request: its status, and its JSON. */
export type Script = (upstream: string, path: string) => Scripted | Promise<Scripted>
type Scripted = [status: number, json?: unknown]

export async function created(script: Script = () => [200, {}], config: GatewayConfigInput = everyService) {
  const agent = new MockAgent()
  agent.disableNetConnect()
  const names = Object.keys(everyService.upstreams)
  for (const name of names)
    for (const method of ['GET', 'POST'])
      agent
        .get(`http://${name}.test`)
        .intercept({ path: () => true, method })
        .reply(async (asked) => {
          const [statusCode, json = {}] = await script(name, asked.path)
          return { statusCode, data: JSON.stringify(json), responseOptions: { headers: { 'content-type': 'application/json' } } }
        })
        .persist()
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const clock = virtualClock(1000)
  const urls = Object.fromEntries(names.map((name) => [name, `http://${name}.test`]))
  const gateway: CreatedGateway = await createGateway({
    config: checkConfig('test', { seed: 1, ...config }, urls),
    clock,
    log,
    connections: (origin) => agent.get(origin),
  })
  const ask = async (path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answered> => {
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
    const { statusCode, headers: got, body: text } = await gateway.app.inject({ method, url: path, headers, ...payload })
    return { status: statusCode, headers: got, text, json: jsonIn(text) }
  }
  /** Lets what is under way come to its end, and `span` ms pass. */
  const pass = async (span = 10): Promise<void> => {
    for (let turns = 0; turns < 10; turns++) await clock.advanceAsync(span / 10)
  }
  return { ask, pass, gateway, logged, [Symbol.asyncDispose]: gateway.close }
}

export type Created = Awaited<ReturnType<typeof created>>

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
