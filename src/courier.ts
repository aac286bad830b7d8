/** How recipients are told, put together: a signed call, or a mail. */
import { noticeBody, noticeHeaders } from './core/request/recipients.ts'
import type { Policy } from './core/policy/schema.ts'
import { createMailer } from './mail/mailer.ts'
import { composeToRecipient } from './mail/to-recipient.ts'
import { post } from './recipients/post.ts'
import type { Settings } from './settings.ts'
import type { Courier } from './tasks/notify/notices.ts'

/** `now`: epoch milliseconds, for the time that is signed: the recipient compares it with its own clock. */
export function openCourier({ mail }: Pick<Settings, 'mail'>, policy: Policy, now: () => number): Courier {
  const smtp = mail === undefined ? null : createMailer(mail)
  return {
    tell: async ({ id, request, right, at, recipient, person }, signal) => {
      const { webhook, email } = recipient
      if (webhook !== undefined) {
        const body = noticeBody(right, new Date(at).toISOString(), person)
        const headers = noticeHeaders(webhook.secret, { id, timestamp: Math.floor(now() / 1_000), body })
        return post({ url: webhook.url, loopback: webhook.loopback, headers, body }, signal)
      }
      if (email === undefined) return { outcome: 'failed', fault: 'not-configured' }
      if (smtp === null) return { outcome: 'failed', fault: 'mail-not-configured' }
      const letter = composeToRecipient(policy, { request, right, language: email.language, person })
      const sent = await smtp.send({ id, to: email.to, ...letter })
      return sent.outcome === 'sent' ? { outcome: 'told' } : { outcome: 'failed', fault: sent.fault }
    },
    close: () => smtp?.close(),
  }
}
