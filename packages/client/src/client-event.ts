/** Everything the client tells about its work while it works. URLs are redacted. */

export type ClientEvent =
  | { readonly type: 'request'; readonly method: string; readonly url: string }
  | {
      readonly type: 'response'
      readonly url: string
      readonly status: number
      readonly milliseconds: number
    }
  /** The body of a page or of metadata has arrived; `bytes` counts what came over the wire. */
  | { readonly type: 'received'; readonly url: string; readonly bytes: number }
  | { readonly type: 'redirect'; readonly from: string; readonly to: string }
  | {
      readonly type: 'retry'
      readonly url: string
      readonly reason: string
      readonly attempt: number
      readonly waitMs: number
    }
  /** Answered from disk: still fresh, confirmed by the server, or old because the server cannot be asked. */
  | {
      readonly type: 'cache'
      readonly url: string
      readonly outcome: 'fresh' | 'revalidated' | 'stale'
      readonly reason?: string
    }
  | {
      readonly type: 'download'
      readonly url: string
      readonly filename: string
      readonly received: number
      readonly total?: number
    }
  | {
      readonly type: 'upload'
      readonly url: string
      readonly filename: string
      readonly sent: number
      readonly total: number
    }
  | { readonly type: 'warning'; readonly url: string; readonly message: string }

export type OnClientEvent = (event: ClientEvent) => void
