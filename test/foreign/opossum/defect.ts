// What is wrong with the gateway: the variable DEFECT names it. Without, it is healthy.
const named = process.env['DEFECT']

export const hasDefect = (name: 'errors-as-200' | 'no-breaker' | 'one-breaker-for-all' | 'retries-posts' | 'retry-storm'): boolean =>
  named === name
