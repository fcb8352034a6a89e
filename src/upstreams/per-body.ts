// What a fake reads out of the JSON of its requests. In a simulation those that ask the same have one body, which is read once for them all.
import type { UpstreamRequest } from './define.ts'

/** `read` depends on the JSON alone, and nobody changes what it returns. */
export function perBody<Value extends object>(read: (json: unknown) => Value): (request: UpstreamRequest) => Value {
  const known = new WeakMap<Buffer, Value>()
  return (request) => {
    const { body } = request
    let value = known.get(body)
    if (value === undefined) known.set(body, (value = read(request.json())))
    return value
  }
}
