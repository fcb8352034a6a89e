// What the client libraries of Jira and Confluence have in common: they are of one author, and hold every answer to the service's schema.

export const account = (host: string): object => ({
  host,
  auth: { type: 'basic', email: 'team@example.com', apiToken: 'any' },
  onSchemaMismatch: 'throw',
})

/** The name of the error that each status becomes. */
export const errorNames = [
  [401, 'AuthError'],
  [404, 'NotFoundError'],
  [429, 'RateLimitError'],
  [503, 'ServerError'],
] as const
