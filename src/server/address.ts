/** The pages behind the link that asks whether a new address is theirs, in French and English. Opening one does nothing; the button does. */
import type { Router } from 'express'
import type { Language } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { html, type Html } from './html.ts'
import { createLinkPages, dayWord, type LinkActs, type Linked, type Words } from './link-page.ts'

type Asked = Linked & { receivedAt: number }
export type AddressParts = LinkActs<Asked>

export const ADDRESS_PATH = '/address'

export function createAddress(parts: AddressParts): Router {
  return createLinkPages({ path: ADDRESS_PATH, words, question: questionOf }, parts)
}

function questionOf(policy: Policy, language: Language, { receivedAt }: Asked): Html {
  const company = policy.organisation.controller.name
  const day = dayWord(receivedAt, language, policy)
  return html`<p>${language === 'fr' ? `Demande adressée à ${company} le ${day} :` : `Request made to ${company} on ${day}:`}</p>
    <blockquote>
      <p>
        <strong
          >${
            language === 'fr'
              ? 'Noter comme la vôtre l’adresse qui a reçu ce message (RGPD, art. 16)'
              : 'Note the address that was sent this message as yours (GDPR art. 16)'
          }</strong
        >
      </p>
    </blockquote>`
}

const words: Readonly<Record<Language, Words>> = {
  fr: {
    button: 'Oui, cette adresse est la mienne',
    states: {
      pending: {
        title: 'Cette adresse est-elle la vôtre ?',
        text: "Elle n'est notée nulle part avant que vous n'ayez confirmé. Si vous n'avez rien demandé, fermez cette page.",
      },
      'confirmed now': { title: 'Merci, votre adresse est confirmée', text: 'La correction demandée peut être faite.' },
      confirmed: { title: 'Ce lien a déjà servi', text: 'Votre adresse est confirmée ; il n’y a rien d’autre à faire.' },
      cancelled: { title: 'Ce lien ne vaut plus', text: 'La demande a pris fin, ou porte sur une autre adresse.' },
      expired: { title: 'Ce lien a expiré', text: "Rien n'a été noté. Demandez un nouveau message à qui traite votre demande." },
      unknown: { title: 'Ce lien n’est pas valable', text: "Vérifiez qu'il a été copié en entier depuis le message. Rien n'a été fait." },
      unavailable: {
        title: 'Un instant, s’il vous plaît',
        text: 'Le service est momentanément indisponible. Réessayez dans une minute : votre lien reste valable.',
      },
    },
  },
  en: {
    button: 'Yes, this address is mine',
    states: {
      pending: {
        title: 'Is this address yours?',
        text: 'It is noted nowhere before you have confirmed. If you asked for nothing, close this page.',
      },
      'confirmed now': { title: 'Thank you, your address is confirmed', text: 'The correction that was asked for can be made.' },
      confirmed: { title: 'This link has been used', text: 'Your address is confirmed; there is nothing else to do.' },
      cancelled: { title: 'This link holds no longer', text: 'The request has ended, or is about another address.' },
      expired: { title: 'This link has expired', text: 'Nothing was noted. Ask whoever deals with your request for another message.' },
      unknown: { title: 'This link is not valid', text: 'Please check that it was copied whole from the message. Nothing was done.' },
      unavailable: {
        title: 'One moment, please',
        text: 'The service is not available just now. Try again in a minute: your link stays valid.',
      },
    },
  },
}
