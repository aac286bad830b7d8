/** The pages behind the link that asks whether a request was theirs, in French and English. Opening one does nothing; the button does. */
import type { Router } from 'express'
import type { Right } from '../core/request/request.ts'
import type { Language } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { html, type Html } from './html.ts'
import { createLinkPages, dayWord, type LinkActs, type Linked, type Words } from './link-page.ts'

type Asked = Linked & { right: Right; receivedAt: number }
export type IdentifyParts = LinkActs<Asked>

export const IDENTIFY_PATH = '/request'

export function createIdentify(parts: IdentifyParts): Router {
  return createLinkPages({ path: IDENTIFY_PATH, words, question: questionOf }, parts)
}

function questionOf(policy: Policy, language: Language, { right, receivedAt }: Asked): Html {
  const company = policy.organisation.controller.name
  const day = dayWord(receivedAt, language, policy)
  return html`<p>${language === 'fr' ? `Demande adressée à ${company} le ${day} :` : `Request made to ${company} on ${day}:`}</p>
    <blockquote>
      <p><strong>${asked[language][right]}</strong></p>
    </blockquote>`
}

const asked: Readonly<Record<Language, Readonly<Record<Right, string>>>> = {
  fr: {
    access: 'Recevoir une copie de vos données (RGPD, art. 15)',
    rectification: 'Faire corriger vos données (RGPD, art. 16)',
    erasure: 'Faire effacer vos données (RGPD, art. 17)',
    restriction: "Faire limiter l'usage de vos données (RGPD, art. 18)",
    objection: "Vous opposer à l'usage de vos données (RGPD, art. 21)",
    portability: 'Recevoir vos données dans un format réutilisable (RGPD, art. 20)',
    withdrawal: 'Retirer votre consentement (RGPD, art. 7)',
  },
  en: {
    access: 'Receive a copy of your data (GDPR art. 15)',
    rectification: 'Have your data corrected (GDPR art. 16)',
    erasure: 'Have your data erased (GDPR art. 17)',
    restriction: 'Have the use of your data restricted (GDPR art. 18)',
    objection: 'Object to the use of your data (GDPR art. 21)',
    portability: 'Receive your data in a form that can be used elsewhere (GDPR art. 20)',
    withdrawal: 'Withdraw your consent (GDPR art. 7)',
  },
}

const words: Readonly<Record<Language, Words>> = {
  fr: {
    button: 'Oui, cette demande est la mienne',
    states: {
      pending: {
        title: 'Cette demande est-elle la vôtre ?',
        text: "Rien n'est fait avant que vous n'ayez confirmé. Si vous n'avez rien demandé, fermez cette page.",
      },
      'confirmed now': {
        title: 'Merci, votre demande est confirmée',
        text: "Nous y répondons dans le mois qui suit sa réception. Aucun autre justificatif n'est nécessaire, sauf si nous vous le demandons avec le motif.",
      },
      confirmed: { title: 'Ce lien a déjà servi', text: 'Votre demande est confirmée ; il n’y a rien d’autre à faire.' },
      cancelled: { title: 'Ce lien ne vaut plus', text: 'La demande a pris fin ou se règle autrement. Vous pouvez en faire une nouvelle.' },
      expired: { title: 'Ce lien a expiré', text: "Rien n'a été fait. Faites de nouveau votre demande pour recevoir un nouveau message." },
      unknown: { title: 'Ce lien n’est pas valable', text: "Vérifiez qu'il a été copié en entier depuis le message. Rien n'a été fait." },
      unavailable: {
        title: 'Un instant, s’il vous plaît',
        text: 'Le service est momentanément indisponible. Réessayez dans une minute : votre lien reste valable.',
      },
    },
  },
  en: {
    button: 'Yes, this request is mine',
    states: {
      pending: {
        title: 'Is this request yours?',
        text: 'Nothing is done before you have confirmed. If you asked for nothing, close this page.',
      },
      'confirmed now': {
        title: 'Thank you, your request is confirmed',
        text: 'We answer within a month of its receipt. No other proof is needed, unless we ask you for it and say why.',
      },
      confirmed: { title: 'This link has been used', text: 'Your request is confirmed; there is nothing else to do.' },
      cancelled: {
        title: 'This link holds no longer',
        text: 'The request has ended, or is settled in another way. You may make a new one.',
      },
      expired: { title: 'This link has expired', text: 'Nothing was done. Please make your request again to be sent another message.' },
      unknown: { title: 'This link is not valid', text: 'Please check that it was copied whole from the message. Nothing was done.' },
      unavailable: {
        title: 'One moment, please',
        text: 'The service is not available just now. Try again in a minute: your link stays valid.',
      },
    },
  },
}
