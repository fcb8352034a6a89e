// Who hears what an attempt tells beside its outcome: the client request that it is made for.
import type { IncomingHttpHeaders } from 'node:http'

export interface Witness {
  /** An interim response has come, such as 103. */
  interim(status: number, headers: IncomingHttpHeaders): void
  /** Something that should never be thrown was, while this attempt was under way. The attempt is over. */
  defect(error: unknown): void
}
