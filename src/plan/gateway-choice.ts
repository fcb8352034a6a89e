// Which gateway is under test, and how it is started. Plain data: nothing is started here.

/** What a gateway that the stage starts is given, beside the variables that every one gets. Its texts may hold placeholders. */
export interface GatewaySetup {
  /** The folder that it is started in. Absent: the working directory. */
  folder?: string
  env?: Readonly<Record<string, string>>
  /** Files that are made for it, by name: the path of each one's template. */
  files?: Readonly<Record<string, string>>
}

export type GatewayChoice =
  | { kind: 'reference' }
  /** A shell command. With `startsContainer` its processes are not the gateway's, which no signal reaches but SIGTERM. It finds `PORT` and the upstreams' base URLs in its environment; see src/contract/. */
  | ({ kind: 'command'; command: string; startsContainer?: true } & GatewaySetup)
  /** One that is running already. */
  | { kind: 'url'; url: string }

/**
 * A URL is a gateway that is running; any other text is a command that starts one.
 * Returns a sentence where it is neither.
 */
export function chosenGateway(text: string): GatewayChoice | string {
  if (text.trim() === '') return 'give a command or a URL'
  if (!/^https?:\/\//.test(text)) return { kind: 'command', command: text }
  if (!URL.canParse(text)) return 'not a URL that can be read'
  const { pathname, search } = new URL(text)
  if (pathname !== '/' || search !== '') return 'give the URL without a path: requests go to /{upstream}/… below its root'
  return { kind: 'url', url: text }
}
