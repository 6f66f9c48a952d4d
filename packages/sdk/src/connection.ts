/** What the client needs of a way to a server. */
export interface Connection {
  /** @throws ConexusClientError */
  call(operation: string, input: object, signal: AbortSignal | undefined): Promise<object>;
  close(): Promise<void>;
}
