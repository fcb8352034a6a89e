// What must not outlive a run: a Toxiproxy that the run started, or its proxies on a shared one. A process beside the conductor
// holds it (role.ts).

/** What to hold. */
export type HoldConfig =
  | { hold: 'server'; program: string }
  | { hold: 'container'; image: string }
  | { hold: 'proxies'; url: string; prefix: string }

/** Where the server answers, and how it is reached. */
export interface HeldInfo {
  url: string
  /** Processes of the server on this machine. */
  pids: number[]
  /** Ports of a container by the port inside, where they are mapped. */
  ports?: Record<string, number>
}

export interface Held {
  info: HeldInfo
  /** The conductor is about to make this proxy. */
  expect?(proxy: string): void
  release(): Promise<void>
}
