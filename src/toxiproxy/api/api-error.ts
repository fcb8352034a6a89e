// What the control API refuses, in the words of Toxiproxy 2.12 (api.go and toxic_collection.go there).

/** Ends a request with `status` and `{"error": message}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const apiErrors = {
  badBody: (cause: string) => new ApiError(400, `bad request body: ${cause}`),
  bodyTooLarge: (most: number) => new ApiError(413, `bad request body: longer than ${most} bytes`),
  tooManyReaders: () => new ApiError(503, 'too many readers of events'),
  missingField: (field: string) => new ApiError(400, `missing required field: ${field}`),
  badStream: () => new ApiError(400, 'stream was invalid, can be either upstream or downstream'),
  badToxicType: () => new ApiError(400, 'invalid toxic type'),
  noProxy: () => new ApiError(404, 'proxy not found'),
  noToxic: () => new ApiError(404, 'toxic not found'),
  proxyExists: () => new ApiError(409, 'proxy already exists'),
  toxicExists: () => new ApiError(409, 'toxic already exists'),
  /** An operation that the operating system refused. */
  failed: (reason: string) => new ApiError(500, reason),
}
