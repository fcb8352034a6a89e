// All proxies of a server. Changes that bind or free ports run one after another, so that of two requests for one name one wins.
import { type Fields, flag, readFields, text, wrongType } from '../decode.ts'
import { Proxy, type ProxyFields, type ProxyJson, type ProxySetting } from './proxy.ts'
import { apiErrors } from '../api/api-error.ts'

const fields: Fields<ProxyFields> = { name: text, listen: text, upstream: text, enabled: flag }
const unset: ProxyFields = { name: '', listen: '', upstream: '', enabled: true }

export class ProxyCollection {
  readonly #setting: ProxySetting
  readonly #proxies = new Map<string, Proxy>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(setting: ProxySetting) {
    this.#setting = setting
  }

  /** By name, sorted as bytes. */
  all(): Proxy[] {
    return [...this.#proxies.values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  }

  /** @throws ApiError 404 */
  get(name: string): Proxy {
    const proxy = this.#proxies.get(name)
    if (!proxy) throw apiErrors.noProxy()
    return proxy
  }

  /** @throws ApiError 400, 409, 500 */
  create(body: unknown): Promise<ProxyJson> {
    const input = readFields(body, fields, unset)
    checkRequired(input, '')
    return this.#inTurn(async () => {
      if (this.#proxies.has(input.name)) throw apiErrors.proxyExists()
      const proxy = new Proxy(input, this.#setting)
      if (input.enabled) await proxy.start()
      this.#proxies.set(proxy.name, proxy)
      return proxy.show()
    })
  }

  /** @throws ApiError 400, 404, 500 */
  update(name: string, body: unknown): Promise<ProxyJson> {
    return this.#inTurn(async () => {
      const proxy = this.get(name)
      await proxy.update(readFields(body, fields, proxy.show()))
      return proxy.show()
    })
  }

  /** @throws ApiError 404 */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const proxy = this.get(name)
      this.#proxies.delete(name)
      await proxy.stop()
    })
  }

  /**
   * Creates proxies that are new, and replaces those that differ, without their toxics. Calls `done` for each. The first failure ends it.
   * @throws ApiError 400 before anything was done, 500 later
   */
  async populate(body: unknown, done: (proxy: ProxyJson) => void): Promise<void> {
    if (body !== null && !Array.isArray(body)) wrongType(body, '', '[]proxy')
    const inputs = ((body ?? []) as unknown[]).map((entry) => readFields(entry, fields, unset))
    for (const [index, input] of inputs.entries()) checkRequired(input, ` at proxy ${index + 1}`)
    await this.#inTurn(async () => {
      for (const input of inputs) done((await this.#addOrReplace(input)).show())
    })
  }

  /** Starts every proxy and removes every toxic. One that cannot be started does not stop the others. @throws ApiError 500 */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      let failure: unknown
      for (const proxy of this.all()) {
        await proxy.start().catch((error: unknown) => (failure ??= error))
        for (const { name } of proxy.toxics) proxy.removeToxic(name)
      }
      if (failure !== undefined) throw failure
    })
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await Promise.all(this.all().map((proxy) => proxy.stop()))
      this.#proxies.clear()
    })
  }

  async #addOrReplace(input: ProxyFields): Promise<Proxy> {
    const existing = this.#proxies.get(input.name)
    if (existing) {
      if (!(await existing.differs(input))) return existing
      await existing.stop()
    }
    const proxy = new Proxy(input, this.#setting)
    if (input.enabled) await proxy.start()
    this.#proxies.set(proxy.name, proxy)
    return proxy
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => {})
    return turn
  }
}

function checkRequired({ name, upstream }: ProxyFields, where: string): void {
  if (name === '') throw apiErrors.missingField(`name${where}`)
  if (upstream === '') throw apiErrors.missingField(`upstream${where}`)
}
