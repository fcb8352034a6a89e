// What the control API says no to, in the words of Toxiproxy 2.12 (its api.go and toxic_collection.go).

/** Ends a request with `status` and `{"error": message}`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const refuse = {
  badBody: (cause: string) => new Refusal(400, `bad request body: ${cause}`),
  missingField: (field: string) => new Refusal(400, `missing required field: ${field}`),
  badStream: () => new Refusal(400, 'stream was invalid, can be either upstream or downstream'),
  badToxicType: () => new Refusal(400, 'invalid toxic type'),
  noProxy: () => new Refusal(404, 'proxy not found'),
  noToxic: () => new Refusal(404, 'toxic not found'),
  proxyExists: () => new Refusal(409, 'proxy already exists'),
  toxicExists: () => new Refusal(409, 'toxic already exists'),
  /** Anything the operating system objects to. */
  failed: (reason: string) => new Refusal(500, reason),
}
