/** A plain letter: paragraphs, at most one button, and who writes. Nothing in it is advertising, and it loads nothing from anywhere. */
import type { Policy } from '../core/policy/schema.ts'

/** `before` and `after`: paragraphs around the button. */
export type Letter = {
  language: 'fr' | 'en'
  subject: string
  before: readonly string[]
  button: { label: string; href: string } | null
  after: readonly string[]
}
export type Composed = { subject: string; text: string; html: string }

export function composeLetter({ language, subject, before, button, after }: Letter): Composed {
  const link = button === null ? [] : [button.href]
  const text = `${[...before, ...link, ...after].join('\n\n')}\n`
  const pressed = button === null ? '' : `<p><a href="${escape(button.href)}">${escape(button.label)}</a></p>`
  const body = `${before.map(paragraph).join('')}${pressed}${after.map(paragraph).join('')}`
  const head = `<meta charset="utf-8"><title>${escape(subject)}</title>`
  return { subject, text, html: `<!doctype html><html lang="${language}"><head>${head}</head><body>${body}</body></html>` }
}

type Organisation = Policy['organisation']

/** The last paragraphs: whom to turn to, and who writes. */
export function signatureOf({ controller, dpo }: Pick<Organisation, 'controller' | 'dpo'>, language: 'fr' | 'en'): readonly string[] {
  const contact = language === 'fr' ? `Délégué à la protection des données : ${dpo.email}.` : `Data protection officer: ${dpo.email}.`
  return [contact, `${controller.name}, ${controller.address}`]
}

/** Until when, for people. `until` in epoch milliseconds. */
export function momentWord(until: number, language: 'fr' | 'en', timezone: string): string {
  return new Date(until).toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: timezone,
  })
}

function paragraph(text: string): string {
  return `<p>${escape(text)}</p>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
