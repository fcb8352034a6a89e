// Routes that share method and path are told apart by what stands in the JSON body: a chat and a stream of it, the operations of GraphQL.

/** Values at the top of a JSON body, such as `{ stream: true }`. */
export type BodyHas = Readonly<Record<string, string | number | boolean>>

export function hasAtTop(body: unknown, wanted: BodyHas | undefined): boolean {
  if (!wanted) return true
  if (typeof body !== 'object' || body === null) return false
  const own = new Map<string, unknown>(Object.entries(body))
  return Object.entries(wanted).every(([name, value]) => own.get(name) === value)
}
