/** What an object and a field are. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'reference'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'time'
  | 'double'
  | 'currency'
  | 'percent'
  | 'int'
  | 'address'
  | 'base64'
  /** JSON held as text; Tooling only. */
  | 'complexvalue'

export type PicklistValue = { value: string; label: string; isDefault: boolean }
/** What becomes of the child when the parent goes. */
export type OnDelete = 'none' | 'cascade' | 'restrict' | 'cascade+restrict'
/** Switches of an org that bring objects and fields into being. */
export type Feature = 'privacy' | 'personAccounts' | 'recordTypes' | 'relations'
/** The field shows what another record holds: `via` is the reference to it, `paths` the names to try there. */
export type Source = { via: string; paths: readonly string[] }
export type Field = {
  name: string
  label: string
  type: FieldType
  length: number
  precision: number
  scale: number
  digits: number
  nillable: boolean
  createable: boolean
  updateable: boolean
  defaultedOnCreate: boolean
  idLookup: boolean
  filterable: boolean
  sortable: boolean
  nameField: boolean
  restricted: boolean
  picklist: PicklistValue[]
  referenceTo: string[]
  relationshipName: string | null
  childRelationshipName: string | null
  onDelete: OnDelete
  compound: string | null
  custom: boolean
  unique: boolean
  externalId: boolean
  caseSensitive: boolean
  html: boolean
  defaultValue: string | number | boolean | null
  help: string | null
  feature: Feature | null
  source: Source | null
}
export type SObject = {
  name: string
  keyPrefix: string
  label: string
  labelPlural: string
  createable: boolean
  updateable: boolean
  deletable: boolean
  undeletable: boolean
  mergeable: boolean
  feature: Feature | null
  /** In describe order. */
  fields: Field[]
  byName: Map<string, Field>
}

/** A nillable, writable field of that type; the caller refines it. */
export function plainField(name: string, label: string, type: FieldType): Field {
  return {
    name,
    label,
    type,
    length: 0,
    precision: 0,
    scale: 0,
    digits: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaultedOnCreate: false,
    idLookup: false,
    filterable: true,
    sortable: true,
    nameField: false,
    restricted: false,
    picklist: [],
    referenceTo: [],
    relationshipName: null,
    childRelationshipName: null,
    onDelete: 'none',
    compound: null,
    custom: false,
    unique: false,
    externalId: false,
    caseSensitive: false,
    html: false,
    defaultValue: null,
    help: null,
    feature: null,
    source: null,
  }
}

/** Where the two faces of a person differ. Seen in a live describe. */
const ON_PERSON: Readonly<Record<string, Partial<Field>>> = {
  Title: { length: 80 },
  MobilePhone: { label: 'Mobile' },
  AssistantName: { label: 'Assistant' },
}

/** A field of a person account: what the Contact behind it holds, under the Account's name for it. */
export function personField(contact: Field): Field {
  const name = contact.custom ? contact.name.replace(/__c$/i, '__pc') : `Person${contact.name}`
  return {
    ...contact,
    name,
    compound: contact.compound === null ? null : `Person${contact.compound}`,
    relationshipName: contact.relationshipName === null ? null : `Person${contact.relationshipName}`,
    childRelationshipName: null,
    onDelete: 'none',
    nillable: contact.type !== 'boolean',
    idLookup: false,
    feature: 'personAccounts',
    source: { via: 'PersonContactId', paths: [contact.name] },
    ...ON_PERSON[contact.name],
  }
}

export function addField(object: SObject, field: Field): void {
  object.fields.push(field)
  object.byName.set(field.name.toLowerCase(), field)
}
