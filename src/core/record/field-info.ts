/** A CRM's catalogue of the fields of one object, as far as the judge needs it. The connectors' ObjectSchema fits. */
export type FieldInfo = {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly writable: boolean
  readonly custom: boolean
  /** The values of a choice, where the CRM tells them. */
  readonly options?: readonly string[]
  /** A field of the record: where it is empty, there is no place to write this one to. */
  readonly needs?: string
}
export type ObjectInfo = { readonly object: string; readonly fields: readonly FieldInfo[] }
