/** The page behind the link to a copy of somebody's data, in French and English. Opening it does nothing; the button downloads what is made at that moment. */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response, Router } from 'express'
import type { Language } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { html, type Html } from './html.ts'
import { createLinkPages, type LinkActs, type Linked, type Words } from './link-page.ts'

/** `open`: only of a press that counted; the zip while it is made. `done`: all of it has left. */
type Asked = Linked & { right: 'access' | 'portability'; file?: { name: string; open: () => Promise<Readable>; done: () => Promise<void> } }
export type CopyParts = LinkActs<Asked>

export const COPY_PATH = '/access'

export function createCopyPages(parts: CopyParts): Router {
  return createLinkPages({ path: COPY_PATH, words, question: questionOf, deliver }, parts)
}

async function deliver({ file }: Asked, response: Response): Promise<void> {
  if (file === undefined) throw new TypeError('a press that counted comes with a file')
  const zip = await file.open()
  response.status(200).type('application/zip')
  response.setHeader('Content-Disposition', `attachment; filename="${file.name}"`)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  // A failure on the way destroys the response: the download breaks off, and what has arrived is no zip.
  await pipeline(zip, response)
  await file.done()
}

function questionOf({ organisation }: Policy, language: Language, { right }: Asked): Html {
  const company = organisation.controller.name
  return html`<blockquote>
    <p><strong>${asked[language][right](company)}</strong></p>
  </blockquote>`
}

const asked: Readonly<Record<Language, Readonly<Record<Asked['right'], (company: string) => string>>>> = {
  fr: {
    access: (company) => `Copie de vos données personnelles chez ${company} (RGPD, art. 15)`,
    portability: (company) => `Les données que vous avez fournies à ${company} (RGPD, art. 20)`,
  },
  en: {
    access: (company) => `Copy of your personal data at ${company} (GDPR art. 15)`,
    portability: (company) => `The data that you provided to ${company} (GDPR art. 20)`,
  },
}

// Forged, expired, used up and closed links look all the same: whoever tries them learns nothing.
const gone = {
  fr: {
    title: 'Ce lien ne mène à rien',
    text: 'Vérifiez qu’il a été copié en entier depuis le message. Un lien ne vaut que quelques jours et quelques téléchargements : au besoin, demandez-en un nouveau.',
  },
  en: {
    title: 'This link leads nowhere',
    text: 'Please check that it was copied whole from the message. A link works for a few days and a few downloads only: if need be, ask for a new one.',
  },
} as const

const words: Readonly<Record<Language, Words>> = {
  fr: {
    button: 'Télécharger le fichier (zip)',
    states: {
      pending: {
        title: 'Vos données sont prêtes',
        text: 'Le fichier est composé quand vous pressez le bouton : cela peut prendre une minute ou deux. Il n’est conservé nulle part. Si le téléchargement s’interrompt, le fichier ne s’ouvre pas : recommencez. Sur un ordinateur partagé, ne l’enregistrez pas.',
      },
      'confirmed now': gone.fr,
      confirmed: gone.fr,
      cancelled: gone.fr,
      expired: gone.fr,
      unknown: gone.fr,
      unavailable: {
        title: 'Un instant, s’il vous plaît',
        text: 'Un des systèmes ne répond pas en ce moment ; une copie incomplète ne vous serait pas utile. Réessayez dans quelques minutes : votre lien reste valable.',
      },
    },
  },
  en: {
    button: 'Download the file (zip)',
    states: {
      pending: {
        title: 'Your data are ready',
        text: 'The file is made when you press the button, which may take a minute or two. It is kept nowhere. If the download breaks off, the file does not open: start again. Do not save it on a computer that others use.',
      },
      'confirmed now': gone.en,
      confirmed: gone.en,
      cancelled: gone.en,
      expired: gone.en,
      unknown: gone.en,
      unavailable: {
        title: 'One moment, please',
        text: 'One of the systems does not answer just now, and an incomplete copy would be of no use to you. Try again in a few minutes: your link stays valid.',
      },
    },
  },
}
