import { expect, it } from 'vitest'
import { formatAddress, parseAddress, resolveAddress } from '../../src/toxiproxy/address.ts'
import { throughPorts } from '../../src/toxiproxy/backends/docker.ts'

it.each([
  ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  [':8080', { host: '', port: 8080 }],
  ['127.0.0.1:', { host: '127.0.0.1', port: 0 }],
  ['127.0.0.1:http', { host: '127.0.0.1', port: 80 }],
  ['', { host: '', port: 0 }],
])('reads %j', (written, address) => {
  expect(parseAddress(written)).toEqual(address)
})

it.each([
  ['foo', 'address foo: missing port in address'],
  ['[::1]', 'address [::1]: missing port in address'],
  ['::1:0', 'address ::1:0: too many colons in address'],
  ['[::1:0', "address [::1:0: missing ']' in address"],
  ['x:99999', 'address 99999: invalid port'],
  ['x:nothing', 'lookup tcp/nothing: unknown port'],
])('refuses %j in the words of Go', (written, message) => {
  expect(() => parseAddress(written)).toThrow(message)
})

it.each([
  [{ host: '', port: 1 }, '[::]:1'],
  [{ host: '0.0.0.0', port: 1 }, '[::]:1'],
  [{ host: '::1', port: 1 }, '[::1]:1'],
  [{ host: '::ffff:127.0.0.1', port: 1 }, '127.0.0.1:1'],
])('shows %j as %s', (address, shown) => {
  expect(formatAddress(address)).toBe(shown)
})

it('resolves without asking anybody where there is nothing to ask', async () => {
  expect(await resolveAddress({ host: '0.0.0.0', port: 1 })).toEqual({ host: '::', port: 1 })
  expect(await resolveAddress({ host: '10.0.0.1', port: 1 })).toEqual({ host: '10.0.0.1', port: 1 })
})

it('reaches a container by its published ports, and lets it reach this machine by name', () => {
  const addresses = throughPorts({ url: 'http://localhost:32768', ports: { 8666: 32801, 8667: 32802 } })
  expect([addresses.listen(), addresses.listen()]).toEqual(['[::]:8666', '[::]:8667'])
  expect(() => addresses.listen()).toThrow('the container publishes 2 ports, all in use')
  expect(addresses.upstream('127.0.0.1:9101')).toBe('host.docker.internal:9101')
  expect(addresses.reach('[::]:8667')).toBe('localhost:32802')
})
