// Between whom a connection runs.

/** Where a connection runs. */
export interface Path {
  proxy: string
  /** The proxy's listen address. */
  listener: string
  upstream: string
}
