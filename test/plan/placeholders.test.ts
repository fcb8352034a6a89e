import { expect, it } from 'vitest'
import { filled, filledForShell, placeholderNames, placeholderProblems, placeholderValues } from '../../src/plan/placeholders.ts'

const values = placeholderValues(8080, { 'orders-api': 'http://127.0.0.1:9201' }, { 'nginx.conf': '/runs/my run/nginx.conf' })
const known = placeholderNames(['orders-api'], ['nginx.conf'])

it('puts the port, the parts of an upstream and the path of a file in their places', () => {
  expect(
    filled('{PORT} {upstreams.orders-api.url} {upstreams.orders-api.host}:{upstreams.orders-api.port} {files.nginx.conf}', values),
  ).toBe('8080 http://127.0.0.1:9201 127.0.0.1:9201 /runs/my run/nginx.conf')
})

it('knows a value for each name that it knows', () => {
  expect([...values.keys()].toSorted()).toEqual(known.toSorted())
})

it.each([
  '${PORT}',
  '%{HTTP_HOST}',
  '#{PORT}',
  '{{ PORT }}',
  '{{PORT}}',
  '/orders/{id}',
  '{"PORT": 1}',
  'awk {print}',
  '{http.request.uri}',
  'server { listen 80; }',
  '{}',
  '{constructor}',
])('leaves %s alone, which is not ours', (text) => {
  expect(filled(text, values)).toBe(text)
  expect(placeholderProblems(text, known)).toEqual([])
})

it.each([
  '{PROT}',
  '{port}',
  '{ORDERS_URL}',
  '{upstream.orders-api.url}',
  '{upstreams.orders.url}',
  '{upstreams.orders-api}',
  '{orders-api.url}',
  '{files.nginx}',
  '{file.x}',
])('refuses %s, with what is known', (text) => {
  expect(placeholderProblems(`a ${text} b`, known)).toEqual([
    `unknown placeholder ${text}; known: {PORT}, {upstreams.orders-api.url}, {upstreams.orders-api.host}, {upstreams.orders-api.port}, {files.nginx.conf}`,
  ])
})

it('tells a placeholder that is unknown in two places once', () => {
  expect(placeholderProblems('{HOST} {HOST}', known)).toHaveLength(1)
})

it('quotes for a shell what is not one word there, unless the author has', () => {
  expect(filledForShell('nginx -c {files.nginx.conf} -p {PORT}', values)).toBe("nginx -c '/runs/my run/nginx.conf' -p 8080")
  expect(filledForShell('nginx -c "{files.nginx.conf}"', values)).toBe('nginx -c "/runs/my run/nginx.conf"')
  const quote = placeholderValues(1, {}, { a: "/it's" })
  expect(filledForShell('cat {files.a}', quote)).toBe(String.raw`cat '/it'\''s'`)
})
