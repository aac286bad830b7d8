/** Every mail that leaves, put together: what the tasks left to be sent becomes words, and goes. */
import type { Policy } from './core/policy/schema.ts'
import { composeAddress } from './mail/address.ts'
import { composeAlarm, type AlarmFacts } from './mail/alarm.ts'
import { composeAlert, type AlertFacts } from './mail/alert.ts'
import { composeConfirm } from './mail/confirm.ts'
import { composeCopy, type CopyFacts } from './mail/copy.ts'
import { composeIdentify, type IdentifyFacts } from './mail/identify.ts'
import type { Composed } from './mail/letter.ts'
import { createMailer } from './mail/mailer.ts'
import { composeNotice, type NoticeFacts } from './mail/notice.ts'
import { ADDRESS_PATH } from './server/address.ts'
import { CONFIRM_PATH } from './server/confirm.ts'
import { COPY_PATH } from './server/copy.ts'
import { IDENTIFY_PATH } from './server/identify.ts'
import type { Settings } from './settings.ts'
import type { Letter, Mailer } from './tasks/notify/notify.ts'

/** Null where the settings name no mail server. */
export function openMailer({ mail, publicUrl }: Pick<Settings, 'mail' | 'publicUrl'>, policy: Policy): Mailer | null {
  if (mail === undefined) return null
  const smtp = createMailer(mail)
  return {
    send: (letter) => {
      const to = letter.to ?? policy.organisation.dpo.email
      return smtp.send({ id: letter.id, to, ...compose(policy, letter, publicUrl ?? '') })
    },
    close: smtp.close,
  }
}

function compose(policy: Policy, { template, language, facts, token, expiresAt }: Letter, publicUrl: string): Composed {
  switch (template) {
    case 'confirm': {
      const { purpose = '', channel = '' } = facts
      const link = `${publicUrl}${CONFIRM_PATH}/${token ?? ''}`
      return composeConfirm(policy, { language: language ?? policy.organisation.locale, purpose, channel, link, expiresAt })
    }
    case 'identify':
      return composeIdentify(policy, {
        ...(facts as Pick<IdentifyFacts, 'right'>),
        language,
        link: `${publicUrl}${IDENTIFY_PATH}/${token ?? ''}`,
        expiresAt,
      })
    case 'address':
      return composeAddress(policy, { language, link: `${publicUrl}${ADDRESS_PATH}/${token ?? ''}`, expiresAt })
    case 'notice':
      return composeNotice(policy, { ...(facts as Pick<NoticeFacts, 'effectiveAt'>), language })
    case 'copy':
      return composeCopy(policy, {
        ...(facts as Pick<CopyFacts, 'right'>),
        language,
        link: `${publicUrl}${COPY_PATH}/${token ?? ''}`,
        expiresAt,
      })
    case 'alert':
      return 'alarm' in facts ? composeAlarm(policy, facts as AlarmFacts) : composeAlert(policy, facts as AlertFacts)
    default:
      return template satisfies never
  }
}
