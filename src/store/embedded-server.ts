import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { createFrameReader } from './embedded-frames.ts'
import type { Frame } from './embedded-frames.ts'
import { createTurns } from './embedded-turns.ts'
import type { Client, Session, Turns } from './embedded-turns.ts'

/** `patience`: milliseconds that a transaction may sit idle while others wait. */
export type SessionServerOptions = { readonly path: string; readonly session: Session; readonly patience: number }

/** Serves the Postgres protocol on a unix socket; any number of connections share the one session. */
export async function serveSession({ path, session, patience }: SessionServerOptions): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const turns = createTurns(session, patience)
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    converse(socket, turns)
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(path, listening.resolve)
  await listening.promise
  return {
    async close() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      for (const socket of sockets) socket.destroy()
      await closed.promise
      await turns.idle()
    },
  }
}

function converse(socket: Socket, turns: Turns): void {
  const frames = createFrameReader()
  const client: Client = {
    answer: (bytes) => void (socket.writable && socket.write(bytes)),
    expel: () => socket.end(fatal('25P03', 'a transaction sat idle while others waited for it; inside one, use nothing but it')),
  }
  socket.on('data', (chunk: Buffer) => {
    for (const frame of frames.push(chunk)) if (socket.writable) receive(frame)
  })
  // 'close' follows, and does what is needed.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => turns.leave(client))

  function receive(frame: Frame): void {
    if (frame.kind === 'unit') turns.take({ client, bytes: frame.bytes, complete: frame.complete })
    else if (frame.kind === 'startup') turns.take({ client, bytes: frame.bytes, complete: true })
    else if (frame.kind === 'encryption') socket.write('N')
    else socket.destroy()
  }
}

/** ErrorResponse, after which the connection is closed. */
function fatal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.from('E\0\0\0\0', 'latin1')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
