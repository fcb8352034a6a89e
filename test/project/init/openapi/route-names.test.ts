import { describe, expect, it } from 'vitest'
import { camelCase, isDeclarable } from '../../../../src/project/init/identifiers.ts'
import { routeNamer } from '../../../../src/project/init/openapi/route-names.ts'

describe('the name of an operation', () => {
  it.each([
    ['listOrders', 'listOrders'],
    ['ListOrders', 'listOrders'],
    ['orders/get-by-id', 'ordersGetById'],
    ['get_order', 'getOrder'],
    ['GETOrder', 'getOrder'],
    ['LIST', 'list'],
  ])('is its operationId: %s', (operationId, name) => {
    expect(routeNamer()(operationId, 'GET', '/orders')).toBe(name)
  })

  it.each([undefined, '', 'constructor', 'toString', 'then', 'open', 'routes', 'errorHeaders', '404', 'заказ'])(
    'is its method and path where the operationId cannot be one: %s',
    (operationId) => {
      expect(routeNamer()(operationId, 'GET', '/orders/{order-id}')).toBe('getOrdersByOrderId')
    },
  )

  it('is given once', () => {
    const nameOf = routeNamer()
    const names = [nameOf('get', 'GET', '/a'), nameOf('get', 'GET', '/b'), nameOf('get', 'GET', '/b'), nameOf('get', 'GET', '/b')]
    expect(names).toEqual(['get', 'getB', 'getB2', 'getB3'])
  })
})

it('tells names that a module may declare from words of the language', () => {
  expect(['orders', 'request', 'default', 'class', 'await', '7up', 'a-b', ''].filter(isDeclarable)).toEqual(['orders', 'request'])
})

it('makes nothing of what holds no letter and no digit', () => {
  expect(camelCase('---')).toBe('')
})
