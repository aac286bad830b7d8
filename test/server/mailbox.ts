/** A mail server that keeps what it is sent, and refuses what a test says. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = { to: string[]; headers: string; text: string; link: string }
export type Mailbox = {
  url: string
  mails: ReceivedMail[]
  /** SMTP code for the next recipients; 250 takes them. */
  answer: number
  close: () => Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = []
  const mailbox: Mailbox = { url: '', mails, answer: 250, close: () => new Promise((resolve) => server.close(() => resolve())) }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo: (address, _session, done) => {
      if (mailbox.answer === 250) done()
      else done(Object.assign(new Error(`<${address.address}> is not taken`), { responseCode: mailbox.answer }))
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(
          read(
            Buffer.concat(chunks).toString('utf8'),
            session.envelope.rcptTo.map((one) => one.address),
          ),
        )
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  mailbox.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return mailbox
}

function read(source: string, to: string[]): ReceivedMail {
  const plain = source.replace(/=\r\n/g, '')
  const text = Buffer.from(
    plain.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
  return { to, headers: source.split('\r\n\r\n')[0]!, text, link: /https?:\/\/\S+\/confirm\/[\w-]+/.exec(text)?.[0] ?? '' }
}
