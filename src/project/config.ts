// A project's gatecrash.config as it is written. Nothing is checked here: check-config.ts reports all problems at once.
import type { Duration } from '../kernel/duration.ts'
import type { PlannedRoute } from '../plan/plan.ts'
import type { GatewaySettings, UpstreamReference } from '../scenario/scenario.ts'

/**
 * The gateway under test, started by a command in the config's folder, or running already at a URL. Texts may hold placeholders: `{PORT}`,
 * `{upstreams.orders.url}`, `.host`, `.port`, and `{files.nginx.conf}` for the path of a file that was made from a template.
 */
export interface ConfiguredGateway {
  /** A shell command. It finds `PORT` and `UPSTREAM_<NAME>` in its environment as well. */
  command?: string
  /**
   * In place of `command`: an image, started by the docker client on the machine's own network. It listens on 127.0.0.1:$PORT, or on
   * 0.0.0.0:$PORT, and finds `UPSTREAM_<NAME>` in its environment. What it takes of the machine is not seen, and process faults are refused.
   */
  image?: string
  /** In place of `command`: the URL of a gateway that is running. */
  url?: string
  /** Variables of its environment. */
  env?: Record<string, string>
  /** Files that are made before each start, by name: the path of each one's template, from the config's folder. */
  files?: Record<string, string>
  /** Headers that every request of the load carries; a route's own of the same name come first. */
  headers?: Record<string, string>
  /** Answers 2xx when the gateway is ready. Default: /healthz. */
  readyPath?: string
  /** How long that may take. Default: 15 s. */
  readyWithin?: Duration
}

export interface ConfigInput<Names extends string = string> {
  /** Settings, or a text alone: a command, or a URL. */
  gateway?: string | ConfiguredGateway
  /** The fakes, each under its own name. Stories about any upstream are about the first one. */
  upstreams?: Record<Names, UpstreamReference>
  /** What is asked of the gateway. Default: every route of every upstream, below /{upstream}. */
  routes?: PlannedRoute[]
  /** Requests per second. */
  rate?: number
  /** What is known of the gateway: its settings by upstream. */
  expects?: GatewaySettings<NoInfer<Names>>
  /** Values of flags that are not given, by their names without the dashes: `{ toxiproxy: 'binary', out: 'build/reports' }`. */
  flags?: Record<string, string | number | boolean | string[]>
}

/** Types a project's config: `export default defineConfig({ … })` in gatecrash.config.ts. */
export function defineConfig<Names extends string>(config: ConfigInput<Names>): ConfigInput<Names> {
  return config
}
