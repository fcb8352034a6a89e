// A fake upstream before it is a file: what `fake-source.ts` writes down, wherever it came from.

/** What a request or an answer holds. */
export interface BodySketch {
  /** Anything that JSON can hold; a text goes out as it is. */
  value: unknown
  /** What it is, such as `order`: a long one becomes a function of that name. */
  name: string
  /** The body is a list of one such value. */
  list?: boolean
}

export interface RouteSketch {
  /** An identifier, unique in its fake. */
  name: string
  /** What the operation does, in a line. */
  about?: string
  method: string
  /** With names in braces, as in `defineUpstream`. */
  path: string
  samples: { path?: string; body?: BodySketch; headers: Record<string, string> }
  reply: {
    status: number
    headers: Record<string, string>
    body?: BodySketch
    /** The body is sent as server-sent events. */
    streamed?: boolean
  }
}

export interface FakeSketch {
  /** As in URLs. */
  name: string
  /** Where it came from, in a line. */
  about: string
  routes: RouteSketch[]
  /** The body of a failure. */
  failure?: BodySketch
}
