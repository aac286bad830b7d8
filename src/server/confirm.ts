/** The pages of double opt-in, in French and English. Opening one does nothing; the button does. */
import type { Router } from 'express'
import type { Language } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { html, type Html } from './html.ts'
import { createLinkPages, dayWord, type LinkActs, type Linked, type Words } from './link-page.ts'

type Asked = Linked & { purpose: string; channel: string; form: string | null; saidAt: number }
export type ConfirmParts = LinkActs<Asked>

export const CONFIRM_PATH = '/confirm'

export function createConfirm(parts: ConfirmParts): Router {
  return createLinkPages({ path: CONFIRM_PATH, words, question: questionOf }, parts)
}

function questionOf(policy: Policy, language: Language, { purpose, channel, form, saidAt }: Asked): Html {
  const labelOf = (list: readonly { id: string; label: { fr: string; en: string } }[], id: string): string =>
    list.find((one) => one.id === id)?.label[language] ?? id
  const company = policy.organisation.controller.name
  const saidOn = dayWord(saidAt, language, policy)
  return html`<p>
      ${language === 'fr' ? `Vous avez demandé à ${company} de vous contacter pour :` : `You asked ${company} to contact you for:`}
    </p>
    <blockquote>
      <p><strong>${labelOf(policy.purposes, purpose)}</strong> (${labelOf(policy.channels, channel)})</p>
    </blockquote>
    <p>${form === null ? saidOn : `${form}, ${saidOn}`}</p>`
}

const words: Readonly<Record<Language, Words>> = {
  fr: {
    button: 'Je confirme',
    states: {
      pending: {
        title: 'Confirmez votre accord',
        text: "Rien n'est encore enregistré. Votre accord vaudra quand vous aurez confirmé, et vous pourrez le retirer à tout moment, aussi simplement que vous l'avez donné. Si vous n'avez rien demandé, fermez cette page.",
      },
      'confirmed now': {
        title: 'Merci, votre accord est enregistré',
        text: 'Vous pouvez le retirer à tout moment, aussi simplement que vous l’avez donné.',
      },
      confirmed: { title: 'Ce lien a déjà servi', text: 'Votre accord est enregistré ; il n’y a rien d’autre à faire.' },
      cancelled: {
        title: 'Ce lien ne vaut plus',
        text: 'Un retrait ou un refus est arrivé depuis ; il est respecté. Pour changer d’avis, remplissez de nouveau le formulaire.',
      },
      expired: {
        title: 'Ce lien a expiré',
        text: 'Rien n’a été enregistré. Remplissez de nouveau le formulaire pour recevoir un nouveau message.',
      },
      unknown: {
        title: 'Ce lien n’est pas valable',
        text: 'Vérifiez qu’il a été copié en entier depuis le message. Rien n’a été enregistré.',
      },
      unavailable: {
        title: 'Un instant, s’il vous plaît',
        text: 'Le service est momentanément indisponible. Réessayez dans une minute : votre lien reste valable.',
      },
    },
  },
  en: {
    button: 'I confirm',
    states: {
      pending: {
        title: 'Confirm your consent',
        text: 'Nothing is recorded yet. Your consent counts once you have confirmed it, and you may withdraw it at any time, as easily as you gave it. If you asked for nothing, close this page.',
      },
      'confirmed now': { title: 'Thank you, your consent is recorded', text: 'You may withdraw it at any time, as easily as you gave it.' },
      confirmed: { title: 'This link has been used', text: 'Your consent is recorded; there is nothing else to do.' },
      cancelled: {
        title: 'This link holds no longer',
        text: 'A withdrawal or a refusal has come in since, and is respected. If you have changed your mind, please fill in the form again.',
      },
      expired: { title: 'This link has expired', text: 'Nothing was recorded. Please fill in the form again to be sent another message.' },
      unknown: { title: 'This link is not valid', text: 'Please check that it was copied whole from the message. Nothing was recorded.' },
      unavailable: {
        title: 'One moment, please',
        text: 'The service is not available just now. Try again in a minute: your link stays valid.',
      },
    },
  },
}
