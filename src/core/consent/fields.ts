/** The fields of the write-back that tell what a person said. */
import type { ObjectMapping } from '../record/mapping.ts'
import type { Policy } from '../policy/schema.ts'

export type ConsentField = { readonly name: string; readonly purpose: string; readonly channel: string }

/** One field for each purpose that is not a service × its channels. */
export function consentFields(policy: Policy, mapping: ObjectMapping): readonly ConsentField[] {
  const { consent, short } = mapping.writeBack
  if (consent === undefined) return []
  return policy.purposes
    .filter((purpose) => !purpose.serviceOnly)
    .flatMap((purpose) => purpose.channels.map((channel) => ({ purpose: purpose.id, channel })))
    .flatMap(({ purpose, channel }) => {
      const name =
        typeof consent === 'string' ? fillTemplate(consent, purpose, short[purpose] ?? purpose, channel) : consent[`${purpose}:${channel}`]
      return name === undefined ? [] : [{ name, purpose, channel }]
    })
}

function fillTemplate(template: string, purpose: string, short: string, channel: string): string {
  return template.replaceAll('{purpose}', purpose).replaceAll('{short}', short).replaceAll('{channel}', channel)
}
