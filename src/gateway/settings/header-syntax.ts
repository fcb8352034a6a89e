// What HTTP lets the name and the value of a header be, as Node checks them when it sends one.
import { validateHeaderName, validateHeaderValue } from 'node:http'

export function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name)
    return true
  } catch {
    return false
  }
}

export function isHeaderValue(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}
