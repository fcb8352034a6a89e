// The control API without a client in between, for calls that have to succeed.

export interface ShownProxy {
  name: string
  listen: string
  upstream: string
  enabled: boolean
  toxics: { name: string; type: string }[]
}

/** A GET, or with a body a POST. */
export async function ask<T>(url: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(url + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

export function portOf({ listen }: Pick<ShownProxy, 'listen'>): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1))
}
