// Looking on at the client side of a proxy's connections.

export interface ClientTap {
  /** A piece that the client sent, after it was handed on. Its memory must not be kept. */
  read(data: Buffer): void
  /** The client's socket is gone. */
  closed(): void
}

/** Makes the tap of a connection, by the proxy's name and the connection's ordinal there. Undefined: nobody looks on. */
export type TapClients = (proxy: string, connection: number) => ClientTap | undefined
