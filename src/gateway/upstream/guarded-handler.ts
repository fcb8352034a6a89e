// Stands between undici and a handler: what the handler throws ends its request. undici itself either swallows it or ends the connection
// without a word to the handler, and the client would never be answered.
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

export type Guarded = Required<
  Pick<Dispatcher.DispatchHandler, 'onRequestStart' | 'onResponseStart' | 'onResponseData' | 'onResponseEnd' | 'onResponseError'>
> & {
  /** Ends the request. What was thrown may be a defect of ours, or an answer that cannot be handled. */
  defect(error: unknown): void
}

type Controller = Dispatcher.DispatchController

export class GuardedHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Guarded

  constructor(handler: Guarded) {
    this.#handler = handler
  }

  // A throw here is how a handler refuses to begin.
  onRequestStart(controller: Controller, context: unknown): void {
    this.#handler.onRequestStart(controller, context)
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, statusMessage?: string): void {
    try {
      this.#handler.onResponseStart(controller, status, headers, statusMessage)
    } catch (error) {
      this.#handler.defect(error)
    }
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    try {
      this.#handler.onResponseData(controller, chunk)
    } catch (error) {
      this.#handler.defect(error)
    }
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    try {
      this.#handler.onResponseEnd(controller, trailers)
    } catch (error) {
      this.#handler.defect(error)
    }
  }

  onResponseError(controller: Controller, error: Error): void {
    try {
      this.#handler.onResponseError(controller, error)
    } catch (thrown) {
      this.#handler.defect(thrown)
    }
  }
}
