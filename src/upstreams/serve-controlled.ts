// A fake upstream with its control API beside it, as a stage starts it and as it runs alone.
import type { Listening } from '../kernel/server.ts'
import { serveControl } from './serving/control-api.ts'
import type { Upstream } from './define.ts'
import { upstreamLog } from './serving/log.ts'
import { type ServedUpstream, serveUpstream, type ServeOptions } from './serving/server.ts'

export interface ControlledUpstream extends AsyncDisposable {
  readonly traffic: ServedUpstream
  readonly control: Listening
  close(): Promise<void>
}

export interface ControlledOptions extends ServeOptions {
  controlPort?: number
  controlHost?: string
}

/** @throws GatecrashError `port_taken`, with nothing left open */
export async function serveControlled(upstream: Upstream, options: ControlledOptions): Promise<ControlledUpstream> {
  const log = upstreamLog()
  await using opened = new AsyncDisposableStack()
  const traffic = opened.use(
    await serveUpstream(upstream, {
      ...options,
      write(event) {
        log.append(event)
        options.write?.(event)
      },
    }),
  )
  const { controlPort: port, controlHost: host } = options
  const control = opened.use(await serveControl({ served: traffic, log }, { ...(port !== undefined && { port }), ...(host && { host }) }))
  const kept = opened.move()
  const close = (): Promise<void> => kept.disposeAsync()
  return { traffic, control, close, [Symbol.asyncDispose]: close }
}
