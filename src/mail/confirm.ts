/** The mail that asks whether it really was you, in French and English. Nothing in it is advertising: nobody has agreed to that yet. */
import type { Policy } from '../core/policy/schema.ts'
import { composeLetter, momentWord, type Composed } from './letter.ts'

/** `language`: fr, or else English. `expiresAt` in epoch milliseconds. */
export type ConfirmFacts = { language: string; purpose: string; channel: string; link: string; expiresAt: number }

export function composeConfirm(policy: Policy, { language, purpose, channel, link, expiresAt }: ConfirmFacts): Composed {
  const speech = language === 'fr' ? 'fr' : 'en'
  const { controller, dpo, timezone } = policy.organisation
  const labelOf = (list: readonly { id: string; label: { fr: string; en: string } }[], id: string): string =>
    list.find((one) => one.id === id)?.label[speech] ?? id
  const words = wordings[speech]({
    company: controller.name,
    address: controller.address,
    dpo: dpo.email,
    purpose: labelOf(policy.purposes, purpose),
    channel: labelOf(policy.channels, channel),
    until: momentWord(expiresAt, speech, timezone),
  })
  return composeLetter({
    language: speech,
    subject: words.subject,
    before: [words.hello, words.asked, words.how],
    button: { label: words.button, href: link },
    after: [words.until, words.notYou, words.withdraw, words.footer],
  })
}

type Names = { company: string; address: string; dpo: string; purpose: string; channel: string; until: string }
type Words = Readonly<Record<'subject' | 'hello' | 'asked' | 'how' | 'button' | 'until' | 'notYou' | 'withdraw' | 'footer', string>>

// GDPR art. 13(1)(a)-(b), (2)(c) and 7(3): who asks, whom to turn to, and that it can be taken back, before the yes.
const wordings: Readonly<Record<'fr' | 'en', (names: Names) => Words>> = {
  fr: ({ company, address, dpo, purpose, channel, until }) => ({
    subject: `Confirmez votre accord : ${purpose}`,
    hello: 'Bonjour,',
    asked: `Quelqu'un a donné votre adresse à ${company} et accepté d'être contacté pour : ${purpose} (${channel}).`,
    how: "Si c'était vous, ouvrez ce lien puis confirmez sur la page qui s'affiche :",
    button: 'Ouvrir la page de confirmation',
    until: `Le lien est valable jusqu'au ${until} et ne sert qu'une fois.`,
    notYou:
      "Si ce n'était pas vous, ne faites rien : sans confirmation, rien ne vous sera envoyé, et votre adresse n'est pas conservée avec ce message.",
    withdraw: `Vous pourrez retirer votre accord à tout moment, aussi simplement que vous l'avez donné. Délégué à la protection des données : ${dpo}.`,
    footer: `${company}, ${address}`,
  }),
  en: ({ company, address, dpo, purpose, channel, until }) => ({
    subject: `Please confirm: ${purpose}`,
    hello: 'Hello,',
    asked: `Somebody gave your address to ${company} and agreed to be contacted for: ${purpose} (${channel}).`,
    how: 'If it was you, open this link and confirm on the page that it shows:',
    button: 'Open the confirmation page',
    until: `The link works until ${until}, and once only.`,
    notYou:
      'If it was not you, do nothing: without a confirmation nothing will be sent to you, and your address is not kept with this message.',
    withdraw: `You may withdraw your consent at any time, as easily as you gave it. Data protection officer: ${dpo}.`,
    footer: `${company}, ${address}`,
  }),
}
