/** The pages behind the link of a mail, in French and English. Opening one does nothing; the button does. */
import type { Policy } from '../core/policy-schema.ts'
import { html, type Html } from './html.ts'

export type Language = 'fr' | 'en'
/** `unavailable`: our fault. `unknown`: not a link of ours. */
export type PageState = 'pending' | 'confirmed now' | 'confirmed' | 'cancelled' | 'expired' | 'unknown' | 'unavailable'
/** Labels of the policy, in the language of the page. */
export type Question = { purpose: string; channel: string; form: string | null; saidOn: string }

const statuses: Readonly<Record<PageState, number>> = {
  pending: 200,
  'confirmed now': 200,
  confirmed: 409,
  cancelled: 410,
  expired: 410,
  unknown: 404,
  unavailable: 503,
}

export function renderConfirm(
  { organisation }: Pick<Policy, 'organisation'>,
  language: Language,
  state: PageState,
  question: Question | null,
): { status: number; page: string } {
  const { controller, dpo } = organisation
  const words = wordings[language]
  const { title, text } = words.states[state]
  const body = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="stylesheet" href="../style.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${question === null ? [] : [renderQuestion(words, controller.name, question)]}
          <p>${text}</p>
          ${state === 'pending' ? [html`<form method="post"><button type="submit">${words.button}</button></form>`] : []}
        </main>
        <footer>${controller.name}, ${controller.address}. ${words.dpo} <a href="mailto:${dpo.email}">${dpo.email}</a></footer>
      </body>
    </html> `
  return { status: statuses[state], page: body.html }
}

function renderQuestion(words: Words, company: string, { purpose, channel, form, saidOn }: Question): Html {
  return html`<p>${words.question(company)}</p>
    <blockquote>
      <p><strong>${purpose}</strong> (${channel})</p>
    </blockquote>
    <p>${form === null ? saidOn : `${form}, ${saidOn}`}</p>`
}

type Words = {
  question: (company: string) => string
  button: string
  dpo: string
  states: Readonly<Record<PageState, { title: string; text: string }>>
}

const wordings: Readonly<Record<Language, Words>> = {
  fr: {
    question: (company) => `Vous avez demandé à ${company} de vous contacter pour :`,
    button: 'Je confirme',
    dpo: 'Délégué à la protection des données :',
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
    question: (company) => `You asked ${company} to contact you for:`,
    button: 'I confirm',
    dpo: 'Data protection officer:',
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
