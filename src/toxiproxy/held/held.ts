// What is held beside a run, and where it answers.

/** What to hold. */
export type LeaseConfig =
  | { hold: 'server'; program: string }
  | { hold: 'container'; image: string }
  | { hold: 'proxies'; url: string; prefix: string }

/** Where the server answers, and how it is reached. */
export interface LeaseInfo {
  url: string
  pids: number[]
  /** Ports of a container by the port inside, where they are mapped. */
  ports?: Record<string, number>
}

export interface Held {
  info: LeaseInfo
  /** The conductor is about to make this proxy. */
  expect?(proxy: string): void
  release(): Promise<void>
}
