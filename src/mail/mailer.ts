/** Mail over SMTP, encrypted on the way unless the server is on this very machine. */
import nodemailer from 'nodemailer'

/** `from`: `Name <address>` or an address alone. */
export type MailSettings = { smtpUrl: string; from: string }
export type Outgoing = { id: string; to: string; subject: string; text: string; html: string }
export type Sent = { outcome: 'sent' } | { outcome: 'refused' | 'failed'; fault: string }
export type SmtpMailer = { send: (mail: Outgoing) => Promise<Sent>; close: () => void }

const PATIENCE_MS = 10_000

export function createMailer({ smtpUrl, from }: MailSettings): SmtpMailer {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const transport = nodemailer.createTransport({
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !isLoopback(host),
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: 3 * PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^\s>]+)>?\s*$/.exec(from)?.[1] ?? host
  return {
    send: async ({ id, to, subject, text, html }) => {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          html,
          // The same from try to try, so that a mail that comes twice can be seen to be one.
          messageId: `<${id}@${domain}>`,
          // RFC 3834: no answer of a machine.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        })
        return { outcome: 'sent' }
      } catch (error) {
        return failureOf(error)
      }
    },
    close: () => transport.close(),
  }
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)
}

/** What the server says quotes the address: its number is enough. A 5xx about the mail is for good; about us (log-in, encryption) it is not. */
function failureOf(error: unknown): Sent {
  const status = error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  const aboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  return {
    outcome: aboutMail && status !== null && status >= 500 ? 'refused' : 'failed',
    fault: status === null ? code : `${code} ${status}`,
  }
}
