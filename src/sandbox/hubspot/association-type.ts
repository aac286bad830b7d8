import { ASSOCIATION_TABLE } from './association-table.ts'
import type { ObjectKind } from './object-kind.ts'
import { kindNamed } from './object-kind.ts'
import type { Part } from './part.ts'

export type AssociationCategory = 'HUBSPOT_DEFINED' | 'USER_DEFINED' | 'INTEGRATOR_DEFINED' | 'WORK'

export type AssociationType = {
  from: ObjectKind
  to: ObjectKind
  typeId: number
  category: AssociationCategory
  /** Null: the plain association of the two types, which every other one implies. */
  label: string | null
  /** As the older API spells it: `contact_to_company`. */
  name: string
  /** Type id seen from the other side. */
  inverse: number
  /** A record has one of it at most: its primary company. */
  single: boolean
}

/** Every association type of the portal: HubSpot's and the portal's own labels. Type ids are unique over all of them. */
export type AssociationTypes = {
  between(from: ObjectKind, to: ObjectKind): readonly AssociationType[]
  /** The plain one; undefined when the two types cannot be associated. */
  plain(from: ObjectKind, to: ObjectKind): AssociationType | undefined
  find(typeId: number): AssociationType | undefined
  /** A new label with its other side; both sides have the same label unless `inverseLabel` is given. */
  addLabel(from: ObjectKind, to: ObjectKind, label: string, name: string, inverseLabel: string | undefined): AssociationType[]
  rename(type: AssociationType, label: string): void
  remove(type: AssociationType): void
  readonly part: Part
}

/** The portal's own labels begin here, so that a type id alone tells a type. */
const FIRST_LABEL = 1001

export function createAssociationTypes(): AssociationTypes {
  let all = standardTypes()
  let nextId = FIRST_LABEL
  const pairs = new Map<string, AssociationType[]>()

  const types: AssociationTypes = {
    between(from, to) {
      const key = `${from.name} ${to.name}`
      let found = pairs.get(key)
      if (found === undefined) {
        found = [...all.values()].filter((type) => type.from === from && type.to === to)
        pairs.set(key, found)
      }
      return found
    },
    plain: (from, to) => types.between(from, to).find((type) => type.label === null),
    find: (typeId) => all.get(typeId),
    addLabel(from, to, label, name, inverseLabel) {
      const typeId = nextId++
      // Within one object type a label without another side's name reads the same both ways.
      const mirrored = from === to && inverseLabel === undefined
      const inverse = mirrored ? typeId : nextId++
      const common = { category: 'USER_DEFINED', single: false, name } as const
      all.set(typeId, { ...common, from, to, typeId, inverse, label })
      if (!mirrored) all.set(inverse, { ...common, from: to, to: from, typeId: inverse, inverse: typeId, label: inverseLabel ?? label })
      pairs.clear()
      return [...new Set([typeId, inverse])].map((id) => all.get(id)!)
    },
    rename(type, label) {
      all.set(type.typeId, { ...type, label })
      pairs.clear()
    },
    remove(type) {
      all.delete(type.typeId)
      all.delete(type.inverse)
      pairs.clear()
    },
    part: {
      keep() {
        const kept = new Map(all)
        const id = nextId
        return () => {
          all = new Map(kept)
          nextId = id
          pairs.clear()
        }
      },
    },
  }
  return types
}

function standardTypes(): Map<number, AssociationType> {
  const all = new Map<number, AssociationType>()
  for (const line of ASSOCIATION_TABLE.trim().split('\n')) {
    const [pair, sides] = line.split(': ') as [string, string]
    const [from, to] = pair.split(' ').map((name) => kindNamed(name)!) as [ObjectKind, ObjectKind]
    for (const both of sides.split(', ')) {
      const [there, back] = both.split(' / ').map(parseSide) as [Side, Side]
      const labelled = sides.includes('!')
      all.set(there.typeId, standardType(from, to, there, back, labelled))
      all.set(back.typeId, standardType(to, from, back, there, labelled))
    }
  }
  return all
}

type Side = { typeId: number; single: boolean; label: string | null }

function parseSide(text: string): Side {
  const [, typeId, mark, label] = /^(\d+)(!?)(?: \[(.+)\])?$/.exec(text)!
  return { typeId: Number(typeId), single: mark === '!', label: label ?? null }
}

function standardType(from: ObjectKind, to: ObjectKind, side: Side, other: Side, hasPrimary: boolean): AssociationType {
  const plain = `${from.singular}_to_${to.singular}`
  // Where there is a primary association, it is the one that the older API knows by the plain name.
  const name = side.label === null ? (hasPrimary ? `${plain}_unlabeled` : plain) : hasPrimary ? plain : familyName(side.label)
  return { from, to, typeId: side.typeId, category: 'HUBSPOT_DEFINED', label: side.label, name, inverse: other.typeId, single: side.single }
}

function familyName(label: string): string {
  return label === 'Child Company' ? 'parent_to_child_company' : 'child_to_parent_company'
}
