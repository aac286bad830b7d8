/** Where others still speak of a person: every text that a CRM's search brings up, judged word by word, with its place and what can be done about it. */
import type { ResidueText, Traits } from '../../connectors/erasure.ts'
import { compileResidue, type ResidueHit } from '../../core/erasure/residue.ts'
import { keyOf, type Side } from './seek.ts'

/** `key`: `connection:object:id`. Nothing of the text itself: a report of residue must not become one. */
export type Residue = {
  readonly key: string
  readonly field: string
  /** `more`: the search found more than it gives, and nobody knows where. */
  readonly kinds: readonly (ResidueHit['kind'] | 'more')[]
  readonly certainty: ResidueHit['certainty']
  readonly remedy: ResidueText['remedy']
}

/** `own`: keys of the person's records, which go anyway. In the order of connections and places. */
export async function scanResidue(
  sides: readonly Side[],
  traits: Traits,
  own: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly Residue[]> {
  const matcher = compileResidue(traits, traits.homeCountry)
  const found = new Map<string, Residue>()
  for (const side of sides) {
    for await (const texts of side.erasure.residue(traits, signal)) {
      for (const { ref, field, text, remedy, more } of texts) {
        const key = keyOf(side, ref)
        if (more === true) found.set(`${key} ${field}`, { key, field, kinds: ['more'], certainty: 'possible', remedy })
        const hits = own.has(key) ? [] : matcher(text)
        if (hits.length === 0) continue
        const kinds = [...new Set(hits.map(({ kind }) => kind))]
        const certainty = hits.some((hit) => hit.certainty === 'certain') ? 'certain' : 'possible'
        found.set(`${key} ${field}`, { key, field, kinds, certainty, remedy })
      }
    }
  }
  return [...found.values()]
}
