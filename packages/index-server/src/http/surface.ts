/** How a surface is plugged into the router: it gets a call and gives a reply, and never sees a socket. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, Handler } from 'hono'
import { type Reply, replyToResponse, sendReply } from './reply.ts'

/** Present when the request came through a socket, absent in tests that call the app. */
export interface HttpEnv {
  Bindings: { incoming?: IncomingMessage; outgoing?: ServerResponse }
}

export type Call = Context<HttpEnv>
export type Surface = (call: Call) => Reply | Promise<Reply>

export function plug(surface: Surface): Handler<HttpEnv> {
  return async (call) => deliver(call, await surface(call))
}

export async function deliver(call: Call, reply: Reply): Promise<Response> {
  const { outgoing } = call.env
  if (outgoing === undefined) return replyToResponse(reply, call.req.method)
  try {
    await sendReply(outgoing, reply)
  } catch (error) {
    // The status is out: cutting the connection is the only way left to say that this is not the whole answer.
    if (!outgoing.headersSent) throw error
    outgoing.destroy()
    throw error
  }
  return RESPONSE_ALREADY_SENT
}
