// How a gateway is told what it needs: by variables of its environment, whoever starts it.

/** The port to listen on, on 127.0.0.1. */
export const PORT = 'PORT'

/** A JSON file with the reference gateway's settings; another gateway may read it too. */
export const GATEWAY_CONFIG = 'GATEWAY_CONFIG'

/** Where the Redis is in which a gateway keeps its work; empty for none. */
export const REDIS_URL = 'REDIS_URL'

/** What the variables with the upstreams' base URLs begin with. */
export const UPSTREAM_PREFIX = 'UPSTREAM_'

/** `webhook-receiver` → `UPSTREAM_WEBHOOK_RECEIVER`: capitals, and an underscore for all that is no letter and no digit. */
export function upstreamVariable(name: string): string {
  return `${UPSTREAM_PREFIX}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}
