import { describe, expect, it } from 'vitest'
import { basePath, filledPath, templatePath } from '../../../../src/project/init/openapi/paths.ts'

describe('the path of a server', () => {
  it.each([
    ['https://orders.test', ''],
    ['https://orders.test/v2/', '/v2'],
    ['/v1.56', '/v1.56'],
    ['not a url', '/not%20a%20url'],
    ['https://{', ''],
  ])('of %s is %j', (url, path) => {
    expect(basePath({ url })).toBe(path)
  })

  it('has the defaults of its variables', () => {
    expect(basePath({ url: 'https://{region}.test/{version}', variables: { region: { default: 'eu' }, version: { default: 'v3' } } })).toBe(
      '/v3',
    )
  })
})

describe('a path of a description', () => {
  it.each([
    ['/orders/{id}', '/orders/{id}'],
    ['/orders/{order-id}.{format}', '/orders/{order_id}.{format}'],
    ['/a/{id}/b/{id}', '/a/{id}/b/{id2}'],
    ['/a/{1st}', '/a/{_1st}'],
    ['/a/{id', '/a/%7Bid'],
    ['/search?kind=order#top', '/search'],
    ['orders', '/orders'],
    ['/größe/100%25', '/gr%C3%B6%C3%9Fe/100%25'],
  ])('%s is written %s', (written, path) => {
    expect(templatePath(written).path).toBe(path)
  })

  it('is filled with values that stay in their segment', () => {
    expect(filledPath(templatePath('/a/{order-id}/b/{x}'), (name) => (name === 'x' ? '$&/?' : '7'))).toBe('/a/7/b/%24%26%2F%3F')
  })
})
